package io.tidemark.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RecountTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final int PARTITIONS = 3;

    private final List<JudgedRecord> records = records(11, 6_000);
    private final Recount recount = new Recount(records);

    @Test
    void aCutCountsThePrefixesAndNothingElse() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 200; i++) {
            Map<Integer, Long> start = offsets(random, i % 2 == 0 ? 1 : 900);
            Map<Integer, Long> offsets = offsets(random, 2_400);
            offsets.replaceAll((p, offset) -> Math.max(offset, start.get(p)));
            assertThat(recount.cut(start, offsets)).isEqualTo(slowly(start, offsets));
        }
    }

    @Test
    void theWholeStateAgreesWithItself() {
        ExpectedState state = recount.state(Map.of(), recount.ends(), Long.MAX_VALUE);
        Map<String, Long> accounts = state.cut().accounts();
        assertThat(accounts.get("records"))
                .isEqualTo(6_000)
                .isEqualTo(accounts.get("counted") + accounts.get("rejected") + accounts.get("filtered"));
        state.cut()
                .totals()
                .forEach((dimension, counts) ->
                        assertThat(sum(counts)).as(dimension).isEqualTo(accounts.get("counted")));
        assertThat(sum(state.cut().reasons())).isEqualTo(accounts.get("rejected"));
        assertThat(state.ends()).hasSizeGreaterThan(100);
        state.ends().keySet().forEach(bucket -> {
            String size = bucket.substring(0, bucket.indexOf(':'));
            String name = bucket.substring(bucket.indexOf(':') + 1);
            long actor = sum(state.buckets().get(size + ":actor:" + name));
            assertThat(sum(state.buckets().get(size + ":kind:" + name))).isEqualTo(actor);
            if (size.equals("hour")) {
                assertThat(sum(state.buckets().get("hour:page:" + name))).isEqualTo(actor);
            }
        });
    }

    @Test
    void bucketsEndByTheEarlierOfAsOfAndRedisTime() {
        long late = NOW.toEpochMilli();
        ExpectedState kept = recount.state(
                Map.of(), recount.ends(), NOW.minus(Duration.ofDays(3)).toEpochMilli());
        ExpectedState gone = recount.state(Map.of(), recount.ends(), late);
        assertThat(gone.ends().size()).isLessThan(kept.ends().size());
        long first = gone.ends().entrySet().stream()
                .filter(e -> e.getKey().startsWith("minute"))
                .mapToLong(Map.Entry::getValue)
                .min()
                .orElseThrow();
        assertThat(first).isBetween(late / 1_000 - 48 * 3_600, late / 1_000 - 48 * 3_600 + 240);
    }

    private ExpectedCut slowly(Map<Integer, Long> start, Map<Integer, Long> offsets) {
        Map<String, Long> accounts = new TreeMap<>();
        List.of("records", "counted", "rejected", "filtered", "late").forEach(a -> accounts.put(a, 0L));
        Map<String, Long> reasons = new TreeMap<>();
        Map<String, Map<String, Long>> totals = new TreeMap<>();
        WikipediaStream.TOTALS.forEach(d -> totals.put(d, new TreeMap<>()));
        long asOf = Long.MIN_VALUE;
        for (JudgedRecord each : records) {
            if (each.offset() >= start.get(each.partition()) && each.offset() < offsets.get(each.partition())) {
                Label.Verdict verdict = each.label().judge(each.timestamp());
                asOf = Math.max(asOf, each.timestamp());
                accounts.merge("records", 1L, Long::sum);
                accounts.merge(
                        verdict.counted() ? "counted" : verdict.filtered() ? "filtered" : "rejected", 1L, Long::sum);
                accounts.merge("late", verdict.late() ? 1L : 0L, Long::sum);
                if (verdict.counted()) {
                    totals.forEach(
                            (d, counts) -> counts.merge(verdict.categories().get(d), 1L, Long::sum));
                } else if (!verdict.filtered()) {
                    reasons.merge(verdict.reason(), 1L, Long::sum);
                }
            }
        }
        return new ExpectedCut(accounts, reasons, totals, asOf);
    }

    private static Map<Integer, Long> offsets(SplittableRandom random, int below) {
        Map<Integer, Long> offsets = new TreeMap<>();
        for (int p = 0; p < PARTITIONS; p++) {
            offsets.put(p, (long) random.nextInt(below));
        }
        return offsets;
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Labelled events on three partitions with gaps between offsets, over fifty hours. */
    static List<JudgedRecord> records(long seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        Duration span = Duration.ofHours(50);
        LabelledEvents events = new LabelledEvents(seed, NOW, span, count, 0.1);
        long[] next = new long[PARTITIONS];
        List<JudgedRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int partition = random.nextInt(PARTITIONS);
            long timestamp = NOW.minus(span).toEpochMilli() + span.toMillis() * i / count;
            next[partition] += random.nextInt(20) == 0 ? 3 : 1;
            records.add(new JudgedRecord(
                    partition, next[partition], timestamp, events.next().label()));
        }
        return records;
    }
}
