package io.tidemark.cut;

import io.tidemark.commit.JoinedMarks;
import io.tidemark.plan.Marks;
import io.tidemark.plan.Range;
import io.tidemark.stream.Refusal;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.Shard;
import io.tidemark.tally.Accounts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Readings of a stream's shards added up. Each is exact for its own partitions, so the sum is for the offsets of all; when
 * the shards were read one after the other, these are not of one moment, and need not be.
 */
final class JoinedReading {
    private final String stream;
    private final List<Reading> parts;
    private final Cut cut;

    private JoinedReading(String stream, List<Reading> parts, Cut cut) {
        this.stream = stream;
        this.parts = parts;
        this.cut = cut;
    }

    /** What was read of one shard. */
    record Part(Reading reading, Marks marks) {}

    /**
     * Adds them up, but for the rankings.
     *
     * @param parts of all shards, in their order
     * @param rankings of the stream
     * @throws InconsistentException when they are not of one set of counts
     */
    static Reading of(String stream, List<Part> parts, Map<Ranking, Ranked> rankings) {
        List<Reading> readings = parts.stream().map(Part::reading).toList();
        List<Shard> shards = Shard.of(readings.get(0).config());
        try {
            Marks marks = JoinedMarks.of(shards, parts.stream().map(Part::marks).toList());
            return new JoinedReading(stream, readings, cut(readings, marks)).sum(rankings);
        } catch (RefusedException disagree) {
            throw new InconsistentException(disagree);
        } catch (ArithmeticException overflow) {
            throw new InconsistentException(stream, "its shards add up to more than 2^63");
        }
    }

    private Reading sum(Map<Ranking, Ranked> rankings) {
        Map<String, SortedMap<String, Long>> counts = new LinkedHashMap<>();
        Map<Span, SortedMap<Long, SortedMap<String, Long>>> spans = new LinkedHashMap<>();
        SortedMap<String, Long> rejected = new TreeMap<>();
        for (Reading part : parts) {
            part.counts()
                    .forEach((dimension, more) -> add(counts.computeIfAbsent(dimension, d -> new TreeMap<>()), more));
            part.spans().forEach((span, buckets) -> {
                SortedMap<Long, SortedMap<String, Long>> sums = spans.computeIfAbsent(span, s -> new TreeMap<>());
                buckets.forEach((start, more) -> add(sums.computeIfAbsent(start, s -> new TreeMap<>()), more));
            });
            add(rejected, part.rejected());
        }
        return new Reading(
                stream,
                parts.get(0).config(),
                cut,
                counts,
                spans,
                rankings,
                progress(),
                rejected,
                latest().writer(),
                first(Reading::frozen),
                first(Reading::capped),
                coordinator());
    }

    private static void add(SortedMap<String, Long> sums, SortedMap<String, Long> more) {
        more.forEach((category, n) -> sums.merge(category, n, Math::addExact));
    }

    private static Cut cut(List<Reading> parts, Marks marks) {
        List<Range> skipped = new ArrayList<>();
        Accounts accounts = Accounts.NONE;
        for (Reading part : parts) {
            skipped.addAll(part.cut().skipped());
            accounts = accounts.plus(part.cut().accounts());
        }
        skipped.sort(Comparator.naturalOrder());
        SortedMap<Integer, Long> start = new TreeMap<>(marks.start());
        start.keySet().retainAll(marks.next().keySet());
        return new Cut(
                start,
                marks.next(),
                skipped,
                marks.version(),
                last(parts, reading -> reading.cut().asOf()),
                last(parts, reading -> reading.cut().committedAt()),
                last(parts, reading -> reading.cut().readAt()),
                accounts);
    }

    /** A bucket that is gone in one shard is gone: so its clock is the latest one. */
    private Progress progress() {
        SortedMap<Integer, Instant> asOf = new TreeMap<>();
        SortedMap<Integer, Instant> idleAt = new TreeMap<>();
        Set<Integer> partitions = new HashSet<>();
        boolean brokerTimes = true;
        for (Reading part : parts) {
            asOf.putAll(part.progress().asOf());
            idleAt.putAll(part.progress().idleAt());
            partitions.addAll(part.progress().partitions());
            brokerTimes &= part.progress().brokerTimes()
                    || part.progress().partitions().isEmpty();
        }
        return new Progress(
                asOf,
                idleAt,
                partitions,
                last(parts, reading -> reading.progress().clock()),
                brokerTimes);
    }

    /** What the coordinator said to the shard that heard of it last; of partitions, to each shard of its own. */
    private CoordinatorView coordinator() {
        List<CoordinatorView> views = parts.stream().map(Reading::coordinator).toList();
        CoordinatorView freshest = views.stream()
                .max(Comparator.comparing(CoordinatorView::at, Comparator.nullsFirst(Comparator.naturalOrder())))
                .orElseThrow();
        CoordinatorView rival = views.stream()
                .max(Comparator.comparing(CoordinatorView::otherAt, Comparator.nullsFirst(Comparator.naturalOrder())))
                .orElseThrow();
        Refusal refusal = Stream.concat(Stream.of(freshest), views.stream())
                .map(CoordinatorView::refusal)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        return new CoordinatorView(
                freshest.writer(),
                freshest.at(),
                union(views, CoordinatorView::first),
                union(views, CoordinatorView::ends),
                union(views, CoordinatorView::open),
                views.stream()
                        .map(CoordinatorView::behindSince)
                        .filter(Objects::nonNull)
                        .min(Comparator.naturalOrder())
                        .orElse(null),
                refusal,
                rival.otherWriter(),
                rival.otherAt());
    }

    private static SortedMap<Integer, Long> union(
            List<CoordinatorView> views, Function<CoordinatorView, SortedMap<Integer, Long>> of) {
        SortedMap<Integer, Long> union = new TreeMap<>();
        views.forEach(view -> union.putAll(of.apply(view)));
        return union;
    }

    private Reading latest() {
        return parts.stream()
                .reduce(BinaryOperator.maxBy(
                        Comparator.comparing(reading -> reading.cut().committedAt())))
                .orElseThrow();
    }

    private String first(Function<Reading, String> of) {
        return parts.stream()
                .map(of)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** Null when there is none. */
    private static Instant last(List<Reading> parts, Function<Reading, Instant> of) {
        return parts.stream()
                .map(of)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }
}
