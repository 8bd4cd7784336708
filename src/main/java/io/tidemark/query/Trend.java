package io.tidemark.query;

import io.tidemark.cut.Progress.BucketState;
import io.tidemark.cut.Reading;
import io.tidemark.cut.Span;
import io.tidemark.query.Question.TrendAsked;
import io.tidemark.stream.BucketSize;
import io.tidemark.stream.Categories;
import io.tidemark.stream.Category;
import io.tidemark.stream.Dimension;
import io.tidemark.stream.StreamConfig;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Categories over time: which buckets they need, and what comes of them. */
final class Trend {
    /** Buckets of one question, over all of its dimensions: reading so many takes Redis some ten milliseconds. */
    static final long MOST_READ = 30_000;

    private final StreamConfig config;
    private final Wanted wanted;
    private final Step step;
    private final List<Long> edges;
    private final ZoneId zone;
    private final BucketSize size;
    private final Span events;
    private final Map<Dimension, Span> spans = new LinkedHashMap<>();

    private Trend(StreamConfig config, Wanted wanted, Step step, List<Long> edges, ZoneId zone) {
        this.config = config;
        this.wanted = wanted;
        this.step = step;
        this.edges = edges;
        this.zone = zone;
        wanted.dimensions().stream().filter(Dimension::ranked).forEach(this::categoriesOf);
        this.size = size();
        this.events =
                plain(config, size).map(dimension -> span(dimension, List.of())).orElse(null);
        wanted.dimensions().forEach(dimension -> spans.put(dimension, span(dimension)));
        long toRead = spans().size() * spans().iterator().next().length();
        if (toRead > MOST_READ) {
            throw new QueryException(
                    "too-many-buckets",
                    toRead + " buckets of one " + size.label() + " would have to be read, more than " + MOST_READ
                            + ": ask for a shorter period, fewer dimensions, or longer steps",
                    List.of());
        }
    }

    /** @throws QueryException when it cannot be answered */
    static Trend of(StreamConfig config, TrendAsked asked, ZoneId zone, Instant now) {
        Moment from = Moment.of(asked.from() == null ? "-1h" : asked.from(), zone, now);
        Moment to = Moment.of(asked.to() == null ? "now" : asked.to(), zone, now);
        Step step = asked.step() == null
                ? Step.usual(Duration.between(from.at(), to.at()), zone)
                : Step.of(asked.step(), zone);
        return new Trend(config, Wanted.named(config, asked.of()), step, step.edges(from, to), zone);
    }

    /** All events of the last minute that is over. */
    static Trend lastMinute(StreamConfig config, Instant now) {
        long end = BucketSize.MINUTE.startOf(now.getEpochSecond());
        List<Long> edges = List.of(end - BucketSize.MINUTE.seconds(), end);
        return new Trend(
                config, Wanted.named(config, List.of()), Step.of("minute", ZoneOffset.UTC), edges, ZoneOffset.UTC);
    }

    /** How many events each second of it had, in the mean. */
    double perSecond(Reading reading) {
        long sum = sums(reading, events, states(reading)).stream()
                .filter(n -> n != null)
                .mapToLong(Long::longValue)
                .sum();
        return (double) sum / (edges.get(edges.size() - 1) - edges.get(0));
    }

    /** A dimension whose sum over the categories of such a bucket is cheap to know. */
    static Optional<Dimension> plain(StreamConfig config, BucketSize size) {
        return config.dimensions().stream()
                .filter(d -> !d.ranked() && d.buckets().contains(size))
                .findFirst();
    }

    Set<Span> spans() {
        Set<Span> all = new LinkedHashSet<>(spans.values());
        if (events != null) {
            all.add(events);
        }
        return all;
    }

    /** The largest buckets that are kept of all that was asked for and that the steps are made of. */
    private BucketSize size() {
        List<BucketSize> largestFirst = new ArrayList<>(Arrays.asList(BucketSize.values()));
        largestFirst.sort(Comparator.reverseOrder());
        for (BucketSize each : largestFirst) {
            boolean fits = edges.stream().allMatch(edge -> each.startOf(edge) == edge);
            boolean kept = wanted.dimensions().isEmpty()
                    ? plain(config, each).isPresent()
                    : wanted.dimensions().stream().allMatch(d -> d.buckets().contains(each));
            if (fits && kept) {
                return each;
            }
        }
        String kept = wanted.dimensions().stream()
                .map(d -> d.name() + " in "
                        + d.buckets().stream().sorted().map(BucketSize::label).collect(Collectors.joining(" and ")))
                .collect(Collectors.joining(", "));
        throw new QueryException(
                "not-kept",
                "stream " + config.name() + " keeps no buckets that steps of " + step.label() + " could be made of"
                        + (kept.isEmpty() ? "" : "; it keeps " + kept),
                List.of());
    }

    private Span span(Dimension dimension) {
        return span(dimension, dimension.ranked() ? categoriesOf(dimension) : List.of());
    }

    private List<String> categoriesOf(Dimension ranked) {
        Set<String> categories = wanted.labels().values().stream()
                .filter(category -> category.dimension().equals(ranked.name()))
                .map(Category::value)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (categories.isEmpty()) {
            throw new QueryException(
                    "ranked-dimension",
                    "dimension " + ranked.name() + " has too many categories for a trend of all of them: name some,"
                            + " as in \"" + ranked.name() + ":VALUE\", or ask for its largest ones with top",
                    List.of());
        }
        categories.add(Categories.OTHER); // says whether what is not there may be hidden
        return List.copyOf(categories);
    }

    private Span span(Dimension dimension, List<String> categories) {
        return new Span(dimension, size, edges.get(0), edges.get(edges.size() - 1), categories);
    }

    Map<String, Object> answer(Reading reading) {
        List<BucketState> states = states(reading);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("step", step.label());
        answer.put("stepSeconds", step.seconds());
        answer.put("from", AnswerJson.time(Instant.ofEpochSecond(edges.get(0))));
        answer.put("to", AnswerJson.time(Instant.ofEpochSecond(edges.get(edges.size() - 1))));
        answer.put("zone", AnswerJson.zone(zone));
        answer.put(
                "buckets",
                edges.subList(0, edges.size() - 1).stream()
                        .map(edge -> Instant.ofEpochSecond(edge).toString())
                        .toList());
        answer.put(
                "states",
                states.stream().map(s -> s.name().toLowerCase(Locale.ROOT)).toList());
        if (events != null) {
            answer.put("events", sums(reading, events, states));
        }
        Map<String, Object> series = new LinkedHashMap<>();
        boolean exact = true;
        for (Map.Entry<Dimension, Span> each : spans.entrySet()) {
            SortedMap<String, List<Long>> categories = categories(reading, each.getValue(), states);
            if (each.getKey().ranked()) {
                exact &= !categories.containsKey(Categories.OTHER);
                categories.remove(Categories.OTHER);
            }
            wanted.labels().values().stream()
                    .filter(category ->
                            category.dimension().equals(each.getKey().name()))
                    .forEach(category -> categories.computeIfAbsent(category.value(), value -> zeros(states)));
            series.put(each.getKey().name(), categories);
        }
        answer.put("series", series);
        if (!wanted.labels().isEmpty()) {
            Map<String, Object> labels = new LinkedHashMap<>();
            wanted.labels()
                    .forEach((word, category) ->
                            labels.put(word, ((Map<?, ?>) series.get(category.dimension())).get(category.value())));
            answer.put("labels", labels);
        }
        answer.put("exact", exact);
        return answer;
    }

    private List<BucketState> states(Reading reading) {
        List<BucketState> states = new ArrayList<>();
        for (int i = 0; i + 1 < edges.size(); i++) {
            states.add(reading.progress().weakest(config, size, edges.get(i), edges.get(i + 1)));
        }
        return states;
    }

    private SortedMap<String, List<Long>> categories(Reading reading, Span span, List<BucketState> states) {
        SortedMap<String, List<Long>> categories = new TreeMap<>();
        reading.spans().get(span).forEach((start, counts) -> {
            int at = indexOf(start);
            counts.forEach((value, n) -> {
                List<Long> row = categories.computeIfAbsent(value, v -> zeros(states));
                if (states.get(at) != BucketState.GONE) {
                    row.set(at, Math.addExact(row.get(at), n));
                }
            });
        });
        return categories;
    }

    private List<Long> sums(Reading reading, Span span, List<BucketState> states) {
        List<Long> sums = zeros(states);
        reading.spans().get(span).forEach((start, counts) -> {
            int at = indexOf(start);
            if (states.get(at) != BucketState.GONE) {
                sums.set(at, Math.addExact(sums.get(at), sum(counts)));
            }
        });
        return sums;
    }

    private static long sum(SortedMap<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static List<Long> zeros(List<BucketState> states) {
        List<Long> zeros = new ArrayList<>();
        states.forEach(state -> zeros.add(state == BucketState.GONE ? null : Long.valueOf(0)));
        return zeros;
    }

    /** Which step a bucket belongs to. */
    private int indexOf(long start) {
        int at = Collections.binarySearch(edges, start);
        return at >= 0 ? at : -at - 2;
    }
}
