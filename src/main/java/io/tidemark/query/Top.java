package io.tidemark.query;

import io.tidemark.cut.Progress.BucketState;
import io.tidemark.cut.Ranked;
import io.tidemark.cut.Ranking;
import io.tidemark.cut.Reading;
import io.tidemark.cut.Span;
import io.tidemark.query.Question.TopAsked;
import io.tidemark.stream.BucketSize;
import io.tidemark.stream.Categories;
import io.tidemark.stream.Category;
import io.tidemark.stream.Dimension;
import io.tidemark.stream.StreamConfig;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The largest categories of a dimension: what has to be read, and what comes of it. */
final class Top {
    private static final Duration SHORT = Duration.ofHours(2);

    private final StreamConfig config;
    private final TopAsked asked;
    private final Dimension dimension;
    private final ZoneId zone;
    private final BucketSize size;
    private final long from;
    private final long to;

    private Top(
            StreamConfig config,
            TopAsked asked,
            Dimension dimension,
            ZoneId zone,
            BucketSize size,
            long from,
            long to) {
        this.config = config;
        this.asked = asked;
        this.dimension = dimension;
        this.zone = zone;
        this.size = size;
        this.from = from;
        this.to = to;
    }

    /** @throws QueryException when it cannot be answered */
    static Top of(StreamConfig config, TopAsked asked, ZoneId zone, Instant now) {
        Dimension dimension = Wanted.dimension(config, asked.of());
        if (asked.total()) {
            Wanted.inTotal(config, dimension);
            return new Top(config, asked, dimension, zone, null, 0, 0);
        }
        Moment from = Moment.of(asked.from() == null ? "-24h" : asked.from(), zone, now);
        Moment to = Moment.of(asked.to() == null ? "now" : asked.to(), zone, now);
        BucketSize size = size(config, dimension, Duration.between(from.at(), to.at()));
        List<Long> edges = Step.of(size.label(), ZoneId.of("UTC")).edges(from, to);
        return new Top(config, asked, dimension, zone, size, edges.get(0), edges.get(edges.size() - 1));
    }

    /** Hours, unless the period is short, as far as they are kept. */
    private static BucketSize size(StreamConfig config, Dimension dimension, Duration period) {
        List<BucketSize> preferred = period.compareTo(SHORT) <= 0
                ? List.of(BucketSize.MINUTE, BucketSize.HOUR, BucketSize.DAY)
                : List.of(BucketSize.HOUR, BucketSize.DAY, BucketSize.MINUTE);
        return preferred.stream()
                .filter(dimension.buckets()::contains)
                .findFirst()
                .orElseThrow(() -> new QueryException(
                        "not-kept",
                        "stream " + config.name() + " keeps " + dimension.name()
                                + " in total only: ask for top in total",
                        List.of()));
    }

    List<Dimension> totals() {
        return size == null && !dimension.ranked() ? List.of(dimension) : List.of();
    }

    Set<Span> spans() {
        Set<Span> spans = new LinkedHashSet<>();
        if (size != null) {
            if (!dimension.ranked()) {
                spans.add(span(dimension));
            }
            Trend.plain(config, size).ifPresent(plain -> spans.add(span(plain)));
        }
        return spans;
    }

    List<Ranking> rankings() {
        return dimension.ranked() ? List.of(ranking()) : List.of();
    }

    private Ranking ranking() {
        return size == null ? Ranking.total(dimension, asked.n()) : new Ranking(dimension, size, from, to, asked.n());
    }

    private Span span(Dimension of) {
        return new Span(of, size, from, to, List.of());
    }

    Map<String, Object> answer(Reading reading) {
        Ranked ranked = dimension.ranked() ? reading.rankings().get(ranking()) : sorted(categories(reading));
        Long sum = sum(reading);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("of", dimension.name());
        answer.put("n", asked.n());
        if (size != null) {
            answer.put("from", AnswerJson.time(Instant.ofEpochSecond(from)));
            answer.put("to", AnswerJson.time(Instant.ofEpochSecond(to)));
            answer.put("zone", AnswerJson.zone(zone));
            BucketState state = reading.progress().weakest(config, size, from, to);
            answer.put("state", state.name().toLowerCase(Locale.ROOT));
        } else {
            answer.put("total", true);
        }
        answer.put("sum", sum);
        answer.put("exact", ranked.unlistedAtMost() == 0 && !ranked.reserved().containsKey(Categories.OTHER));
        if (ranked.unlistedAtMost() > 0) {
            answer.put("unlistedAtMost", ranked.unlistedAtMost());
        }
        List<Map<String, Object>> categories = new ArrayList<>();
        ranked.largest().forEach((value, count) -> categories.add(category(value, count, sum)));
        answer.put("categories", categories);
        if (!ranked.reserved().isEmpty()) {
            answer.put("reserved", ranked.reserved());
        }
        return answer;
    }

    private Map<String, Object> category(String value, long count, Long sum) {
        Map<String, Object> category = new LinkedHashMap<>();
        category.put("value", value);
        category.put("count", count);
        category.put("share", sum == null || sum == 0 ? null : Math.round(1e6 * count / sum) / 1e6);
        config.aliases().of(new Category(dimension.name(), value)).ifPresent(alias -> category.put("label", alias));
        return category;
    }

    private SortedMap<String, Long> categories(Reading reading) {
        if (size == null) {
            return reading.counts().get(dimension.name());
        }
        SortedMap<String, Long> sums = new TreeMap<>();
        reading.spans()
                .get(span(dimension))
                .values()
                .forEach(bucket -> bucket.forEach((v, n) -> sums.merge(v, n, Math::addExact)));
        return sums;
    }

    private Ranked sorted(SortedMap<String, Long> categories) {
        SortedMap<String, Long> reserved = new TreeMap<>(categories);
        reserved.keySet().retainAll(Categories.RESERVED);
        Map<String, Long> largest = new LinkedHashMap<>();
        categories.entrySet().stream()
                .filter(category -> !Categories.RESERVED.contains(category.getKey()))
                .sorted(Map.Entry.<String, Long>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey(CODE_POINTS)))
                .limit(asked.n())
                .forEach(category -> largest.put(category.getKey(), category.getValue()));
        return new Ranked(largest, reserved, 0);
    }

    /** The order that Redis has too, by the bytes of UTF-8. */
    private static final Comparator<String> CODE_POINTS =
            (a, b) -> Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());

    /** All events of the period; null where no dimension says so cheaply. */
    private Long sum(Reading reading) {
        if (size == null) {
            return reading.cut().accounts().counted();
        }
        return Trend.plain(config, size)
                .map(plain -> reading.spans().get(span(plain)).values().stream()
                        .flatMap(bucket -> bucket.values().stream())
                        .mapToLong(Long::longValue)
                        .sum())
                .orElse(null);
    }
}
