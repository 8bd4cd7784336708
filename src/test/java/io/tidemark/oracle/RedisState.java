package io.tidemark.oracle;

import io.tidemark.oracle.WikipediaStream.Bucket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.resps.Tuple;

/**
 * Everything that Redis holds of the bundled stream, read key by key. Read it while nothing is committed: the keys are
 * not read in one step.
 */
public final class RedisState {
    private static final String STREAM = "tidemark:{" + WikipediaStream.NAME + "}";

    private final Map<String, String> main;
    private final Map<String, Map<String, Long>> hashes = new HashMap<>();
    private final Map<String, Map<String, Long>> sortedSets = new HashMap<>();
    private final Map<String, List<Tuple>> rejected = new TreeMap<>();
    private final Set<String> others = new HashSet<>();
    private final long time;

    private RedisState(UnifiedJedis redis) {
        main = redis.hgetAll(STREAM);
        time = Long.parseLong(redis.info("server").replaceAll("(?s).*server_time_usec:(\\d+).*", "$1")) / 1_000;
        for (String key : redis.keys("tidemark:{" + WikipediaStream.NAME + "}*")) {
            String name = key.equals(STREAM) ? "" : key.substring(STREAM.length() + 1);
            if (name.isEmpty() || name.equals("health")) {
                continue;
            }
            if (redis.ttl(key) != -1) {
                others.add(name + " (expires)");
            } else if (name.startsWith("rejected-at:")) {
                rejected.put(name, redis.zrangeWithScores(key, 0, -1));
            } else if (redis.type(key).equals("hash")) {
                Map<String, Long> counts = new HashMap<>();
                redis.hgetAll(key).forEach((field, n) -> counts.put(field, Long.valueOf(n)));
                hashes.put(name, counts);
            } else if (redis.type(key).equals("zset")) {
                Map<String, Long> counts = new HashMap<>();
                redis.zrangeWithScores(key, 0, -1).forEach(t -> counts.put(t.getElement(), (long) t.getScore()));
                sortedSets.put(name, counts);
            } else {
                others.add(name + " (a " + redis.type(key) + ")");
            }
        }
    }

    public static RedisState read(UnifiedJedis redis) {
        return new RedisState(redis);
    }

    /** The mark: the next offset by partition. */
    public Map<Integer, Long> offsets() {
        return numbers("mark:");
    }

    /** Where counting began, by partition. */
    public Map<Integer, Long> start() {
        return numbers("start:");
    }

    private Map<Integer, Long> numbers(String prefix) {
        Map<Integer, Long> numbers = new TreeMap<>();
        main.forEach((field, value) -> {
            if (field.startsWith(prefix)) {
                numbers.put(Integer.valueOf(field.substring(prefix.length())), Long.valueOf(value));
            }
        });
        return numbers;
    }

    /** Compares all of it with a recount at its own mark. */
    public Differences compare(Recount recount) {
        ExpectedState expected = recount.state(start(), offsets(), time);
        Differences differences = new Differences();
        others.forEach(other -> differences.add("a key that should not be: " + other));
        ExpectedCut cut = expected.cut();
        differences.compareCounts("accounts", cut.accounts(), take("accounts"));
        differences.compareCounts("rejected", cut.reasons(), take("rejected"));
        cut.totals().forEach((d, counts) -> differences.compareCounts("total:" + d, counts, take("total:" + d)));
        if (cut.asOf() != Long.MIN_VALUE) {
            differences.compare(
                    "as-of",
                    cut.asOf(),
                    numbers("as-of:").values().stream().max(Long::compare).orElse(null));
        }
        Map<String, Long> ends = sortedSets.getOrDefault("buckets", Map.of());
        expected.ends().forEach((name, end) -> differences.compare("buckets " + name, end, ends.get(name)));
        expected.buckets().forEach((name, counts) -> differences.compareCounts(name, counts, bucket(name)));
        left(differences, expected, Math.min(cut.asOf(), time));
        rejectedAt(differences, expected);
        return differences;
    }

    private Map<String, Long> take(String name) {
        return hashes.getOrDefault(name, Map.of());
    }

    /** Plain dimensions lie in hashes, ranked ones in sorted sets. */
    private Map<String, Long> bucket(String name) {
        boolean ranked = WikipediaStream.RANKED.contains(name.split(":")[1]);
        return (ranked ? sortedSets : hashes).getOrDefault(name, Map.of());
    }

    /** Keys that nobody expects: those of buckets that are gone may still be there, others may not. */
    private void left(Differences differences, ExpectedState expected, long clock) {
        List<String> names = new ArrayList<>(hashes.keySet());
        names.addAll(sortedSets.keySet());
        for (String name : names) {
            boolean known = name.equals("accounts")
                    || name.equals("rejected")
                    || name.equals("buckets")
                    || expected.buckets().containsKey(name)
                    || name.startsWith("total:") && expected.cut().totals().containsKey(name.substring(6));
            if (!known && !isOfAGoneBucket(name, clock)) {
                differences.add("a key that should not be: " + name);
            }
        }
    }

    private static boolean isOfAGoneBucket(String name, long clock) {
        for (Bucket bucket : Bucket.values()) {
            if (name.startsWith(bucket.label + ":")) {
                String start = name.split(":", 3)[2] + (bucket == Bucket.MINUTE ? ":00Z" : ":00:00Z");
                return bucket.gone(Instant.parse(start).getEpochSecond(), clock);
            }
        }
        return false;
    }

    private void rejectedAt(Differences differences, ExpectedState expected) {
        Map<String, List<String>> right = new TreeMap<>();
        expected.rejectedAt().forEach((partition, all) -> right.put("rejected-at:" + partition, all));
        right.forEach((name, all) -> differences.compare(
                name,
                all,
                rejected.getOrDefault(name, List.of()).stream()
                        .map(Tuple::getElement)
                        .toList()));
        rejected.forEach((name, all) -> {
            if (!right.containsKey(name)) {
                differences.add("a key that should not be: " + name);
            }
            for (Tuple tuple : all) {
                String offset = tuple.getElement().split(" ")[0];
                differences.compare(name + " score of " + tuple.getElement(), Double.valueOf(offset), tuple.getScore());
            }
        });
    }
}
