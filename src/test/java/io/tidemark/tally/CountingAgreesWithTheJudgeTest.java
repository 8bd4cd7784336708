package io.tidemark.tally;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.event.ChunkParser;
import io.tidemark.oracle.Differences;
import io.tidemark.oracle.Label;
import io.tidemark.oracle.Label.Verdict;
import io.tidemark.oracle.LabelledEvent;
import io.tidemark.oracle.LabelledEvents;
import io.tidemark.oracle.WikipediaStream;
import io.tidemark.plan.Chunk;
import io.tidemark.plan.Epochs;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.stream.BucketSize;
import io.tidemark.stream.BundledStreams;
import io.tidemark.stream.StreamConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Parsing, categorizing and tallying give each labelled event the verdict that it was made with. */
class CountingAgreesWithTheJudgeTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final StreamConfig WIKI = BundledStreams.wikipedia();
    private static final int SHOWN = 12;

    static LongStream seeds() {
        Long one = Long.getLong("tidemark.seed");
        return one == null ? LongStream.range(0, Long.getLong("tidemark.seeds", 12)) : LongStream.of(one);
    }

    @ParameterizedTest(name = "-Dtidemark.seed={0}")
    @MethodSource("seeds")
    void everyEventGetsItsVerdict(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LabelledEvents events = new LabelledEvents(seed, NOW, Duration.ofHours(3), 4_000, 0.4);
        ChunkParser parser = new ChunkParser(WIKI);
        ChunkCounter counter = new ChunkCounter(WIKI);
        Map<String, String> wrong = new TreeMap<>();
        for (int i = 0; i < 4_000; i++) {
            LabelledEvent event = events.next();
            long timestamp = timestamp(random, event);
            Tally tally = counter.count(parser.parse(chunk(0, List.of(event), new long[] {timestamp})));
            Differences differences = compare(new Expected().add(7, timestamp, event.label()), tally);
            if (!differences.none()) {
                wrong.putIfAbsent(event.how() + event.label(), event + " at " + timestamp + "\n  " + differences);
            }
        }
        assertThat(wrong.values().stream().limit(SHOWN))
                .as("-Dtidemark.seed=%d: %d kinds of difference", seed, wrong.size())
                .isEmpty();
    }

    @ParameterizedTest(name = "-Dtidemark.seed={0}")
    @MethodSource("seeds")
    void howeverRecordsAreCutIntoChunksTheSumIsTheSame(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LabelledEvents events = new LabelledEvents(seed + 1_000, NOW, Duration.ofHours(3), 3_000, 0.1);
        ChunkParser parser = new ChunkParser(WIKI);
        ChunkCounter counter = new ChunkCounter(WIKI);
        Expected expected = new Expected();
        Tally sum = Tally.NOTHING;
        long offset = 7;
        while (offset < 3_000) {
            List<LabelledEvent> some = new ArrayList<>();
            int size = random.nextInt(200);
            long[] timestamps = new long[size];
            for (int i = 0; i < size; i++) {
                LabelledEvent event = events.next();
                timestamps[i] = timestamp(random, event);
                expected.add(offset + i, timestamps[i], event.label());
                some.add(event);
            }
            Tally tally = counter.count(parser.parse(chunk(offset - 7, some, timestamps)));
            sum = random.nextBoolean() ? sum.merge(tally) : tally.merge(sum);
            offset += Math.max(1, size);
        }
        Differences differences = compare(expected, sum);
        assertThat(differences.none())
                .as("-Dtidemark.seed=%d: %s", seed, differences)
                .isTrue();
    }

    @Test
    void theComparisonCanFail() {
        LabelledEvents events = new LabelledEvents(1, NOW, Duration.ofHours(3), 10, 0);
        LabelledEvent event = events.next();
        Tally tally = new ChunkCounter(WIKI).count(new ChunkParser(WIKI).parse(chunk(0, List.of(event), new long[] {
                    NOW.toEpochMilli()
                })));
        Expected other = new Expected().add(7, NOW.toEpochMilli(), new Label.Rejected("empty"));
        assertThat(compare(other, tally).lines().size()).isGreaterThan(5);
    }

    /** Mostly near the event, sometimes so far off that it is late, sometimes before it. */
    private static long timestamp(SplittableRandom random, LabelledEvent event) {
        Long time = event.label() instanceof Label.Counted counted ? counted.time() : null;
        long near = time == null || random.nextInt(4) == 0 ? NOW.toEpochMilli() : time + random.nextInt(60_000);
        return switch (random.nextInt(40)) {
            case 0 -> near + Label.HOUR;
            case 1 -> near + Label.HOUR + 1;
            case 2 -> near - Label.HOUR + random.nextInt(2_000);
            default -> near;
        };
    }

    private static Chunk chunk(long after, List<LabelledEvent> events, long[] timestamps) {
        Range range = new Range(3, 7 + after, 7 + after + Math.max(1, events.size()));
        Plan plan = new Plan(
                "wiki",
                "topic",
                WIKI.fingerprint(),
                "store",
                new TreeMap<>(),
                new TreeMap<>(Map.of(3, new Range(3, 0, 10_000))),
                new TreeMap<>());
        long[] offsets =
                LongStream.range(range.first(), range.first() + events.size()).toArray();
        byte[][] values = events.stream().map(LabelledEvent::bytes).toArray(byte[][]::new);
        return new Chunk(plan, range, Epochs.UNKNOWN, events.size(), offsets, timestamps, values);
    }

    private static Differences compare(Expected expected, Tally tally) {
        Differences differences = new Differences();
        differences.compare(
                "accounts",
                new Accounts(expected.records, expected.counted, expected.rejected, expected.filtered, expected.late),
                tally.accounts());
        differences.compareCounts("reasons", expected.reasons, tally.reasons());
        differences.compare(
                "rejected-at",
                expected.rejectedAt.subList(
                        Math.max(0, expected.rejectedAt.size() - RejectedRecord.KEPT), expected.rejectedAt.size()),
                tally.rejected().getOrDefault(3, List.of()));
        differences.compareCounts("additions", expected.additions, flat(tally.additions()));
        differences.compare("as-of", expected.asOf, tally.asOf().get(3));
        return differences;
    }

    private static Map<String, Long> flat(Map<CountKey, Map<String, Long>> additions) {
        Map<String, Long> flat = new HashMap<>();
        additions.forEach((key, categories) ->
                categories.forEach((category, n) -> flat.merge(key + " " + category, n, Long::sum)));
        return flat;
    }

    private static final class Expected {
        private long records;
        private long counted;
        private long rejected;
        private long filtered;
        private long late;
        private Long asOf;
        private final Map<String, Long> reasons = new TreeMap<>();
        private final List<RejectedRecord> rejectedAt = new ArrayList<>();
        private final Map<String, Long> additions = new HashMap<>();

        Expected add(long offset, long timestamp, Label label) {
            Verdict verdict = label.judge(timestamp);
            records++;
            asOf = asOf == null ? timestamp : Math.max(asOf, timestamp);
            if (verdict.reason() != null) {
                rejected++;
                reasons.merge(verdict.reason(), 1L, Long::sum);
                rejectedAt.add(new RejectedRecord(offset, verdict.reason()));
            } else if (verdict.filtered()) {
                filtered++;
            } else {
                counted++;
                late += verdict.late() ? 1 : 0;
                verdict.categories().forEach((dimension, value) -> add(verdict, dimension, value));
            }
            return this;
        }

        private void add(Verdict verdict, String dimension, String value) {
            boolean total = WikipediaStream.TOTALS.contains(dimension);
            List<CountKey> keys = new ArrayList<>();
            if (total) {
                keys.add(CountKey.total(dimension));
            }
            if (total && !verdict.late()) {
                keys.add(CountKey.bucket(dimension, BucketSize.MINUTE, Math.floorDiv(verdict.second(), 60L) * 60));
            }
            if (!verdict.late()) {
                keys.add(CountKey.bucket(dimension, BucketSize.HOUR, Math.floorDiv(verdict.second(), 3_600L) * 3_600));
            }
            keys.forEach(key -> additions.merge(key + " " + value, 1L, Long::sum));
        }
    }
}
