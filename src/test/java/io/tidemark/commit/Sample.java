package io.tidemark.commit;

import io.tidemark.plan.Epochs;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.stream.Aliases;
import io.tidemark.stream.BucketSize;
import io.tidemark.stream.Category;
import io.tidemark.stream.Deployment;
import io.tidemark.stream.Dimension;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.Accounts;
import io.tidemark.tally.CountKey;
import io.tidemark.tally.RejectedRecord;
import io.tidemark.tally.Tally;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** A small stream like Wikipedia's, and tallies of it, for tests. */
public final class Sample {
    public static final String TOPIC_ID = "topic-id-1";
    public static final String STORE = "store-1";

    /** 2026-01-05T10:05:00Z. */
    public static final long T0 = 1_767_607_500L;

    /** Everything of one leader. */
    public static final Epochs EPOCHS = new Epochs(7, 7);

    private Sample() {}

    public static StreamConfig config() {
        return config("wiki", "fingerprint-1", Dimension.DEFAULT_CAP);
    }

    public static StreamConfig config(String name, String fingerprint, int cap) {
        Map<String, Category> aliases = new LinkedHashMap<>();
        aliases.put("g2_*", new Category("action", "*"));
        aliases.put("bot", new Category("actor", "bot"));
        aliases.put("human", new Category("actor", "human"));
        Set<BucketSize> small = Set.of(BucketSize.MINUTE, BucketSize.HOUR);
        return new StreamConfig(
                name,
                "WikiPediaLogs",
                StreamConfig.StartAt.EARLIEST,
                false,
                false,
                1,
                List.of(
                        new Dimension("action", false, true, small, Dimension.DEFAULT_CAP),
                        new Dimension("actor", false, true, small, Dimension.DEFAULT_CAP),
                        new Dimension("user", true, false, Set.of(BucketSize.HOUR), cap)),
                Duration.ofHours(1),
                Map.of(BucketSize.MINUTE, Duration.ofHours(48), BucketSize.HOUR, Duration.ofDays(60)),
                null,
                new Aliases(aliases),
                Deployment.NONE,
                fingerprint,
                "stream: " + name + "\n");
    }

    /** The same counts, described in other words. */
    public static StreamConfig configWithText(String text) {
        return configOf(1, "fingerprint-1", text);
    }

    /** The same stream in so many shards, which is another configuration. */
    public static StreamConfig sharded(int shards) {
        return configOf(shards, shards == 1 ? "fingerprint-1" : "fingerprint-of-" + shards, "shards: " + shards + "\n");
    }

    private static StreamConfig configOf(int shards, String fingerprint, String text) {
        StreamConfig config = config();
        return new StreamConfig(
                config.name(),
                config.topic(),
                config.startAt(),
                config.readCommitted(),
                config.compactionMeant(),
                shards,
                config.dimensions(),
                config.lateness(),
                config.retention(),
                config.rules(),
                config.aliases(),
                config.deployment(),
                fingerprint,
                text);
    }

    public static SortedMap<Integer, Long> starts(long... starts) {
        SortedMap<Integer, Long> map = new TreeMap<>();
        for (int p = 0; p < starts.length; p++) {
            map.put(p, starts[p]);
        }
        return map;
    }

    public static Plan plan(Range... ranges) {
        return plan(TOPIC_ID, "fingerprint-1", STORE, ranges);
    }

    public static Plan plan(String topicId, String fingerprint, String store, Range... ranges) {
        SortedMap<Integer, Range> byPartition = new TreeMap<>();
        for (Range range : ranges) {
            byPartition.put(range.partition(), range);
        }
        return new Plan("wiki", topicId, fingerprint, store, new TreeMap<>(), byPartition, new TreeMap<>());
    }

    public static Tally tally(Range... ranges) {
        return tally(plan(ranges));
    }

    /** One tally for the whole plan: what each record counts as follows from its partition and offset alone. */
    public static Tally tally(Plan plan) {
        Tally tally = Tally.NOTHING;
        for (Range range : plan.ranges().values()) {
            tally = tally.merge(Tally.of(part(plan, range)));
        }
        return tally;
    }

    public static Tally.Part part(Plan plan, Range range) {
        Map<CountKey, Map<String, Long>> additions = new LinkedHashMap<>();
        Map<String, Long> reasons = new LinkedHashMap<>();
        List<RejectedRecord> rejected = new ArrayList<>();
        long counted = 0;
        for (long offset = range.first(); offset < range.end(); offset++) {
            if (offset % 10 == 9) {
                reasons.merge("not-json", 1L, Long::sum);
                rejected.add(new RejectedRecord(offset, "not-json"));
                continue;
            }
            counted++;
            count(additions, range.partition(), offset);
        }
        long records = range.length();
        return new Tally.Part(
                plan,
                range,
                EPOCHS,
                asOf(range.end() - 1),
                new Accounts(records, counted, records - counted, 0, 0),
                reasons,
                rejected.subList(Math.max(0, rejected.size() - RejectedRecord.KEPT), rejected.size()),
                additions);
    }

    /** Ten records a minute; Unix milliseconds. */
    public static long asOf(long offset) {
        return (T0 + offset * 6) * 1_000;
    }

    private static void count(Map<CountKey, Map<String, Long>> additions, int partition, long offset) {
        Map<String, String> categories = new LinkedHashMap<>();
        categories.put("action", offset % 3 == 0 ? "new" : "edit");
        categories.put("actor", (offset + partition) % 4 == 0 ? "bot" : "human");
        categories.put("user", "Sample User " + offset % 7);
        long second = asOf(offset) / 1_000;
        categories.forEach((dimension, value) -> {
            CountKey hour = CountKey.bucket(dimension, BucketSize.HOUR, BucketSize.HOUR.startOf(second));
            add(additions, hour, value);
            if (!dimension.equals("user")) {
                add(additions, CountKey.total(dimension), value);
                add(additions, CountKey.bucket(dimension, BucketSize.MINUTE, BucketSize.MINUTE.startOf(second)), value);
            }
        });
    }

    private static void add(Map<CountKey, Map<String, Long>> additions, CountKey key, String value) {
        additions.computeIfAbsent(key, k -> new LinkedHashMap<>()).merge(value, 1L, Long::sum);
    }
}
