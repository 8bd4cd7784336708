package io.tidemark.verify;

import static io.tidemark.commit.RedisConnection.bytes;
import static io.tidemark.commit.RedisConnection.text;

import io.tidemark.commit.MainHash;
import io.tidemark.commit.OtherKeys;
import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.Script;
import io.tidemark.commit.StreamKeys;
import io.tidemark.cut.NotInitialisedException;
import io.tidemark.cut.SkippedRanges;
import io.tidemark.plan.Marks;
import io.tidemark.plan.Range;
import io.tidemark.stream.Dimension;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.CountKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Reads all of a stream in Redis, in steps that hold nobody up for long. Used by one thread. */
final class SnapshotReader {
    private static final Script KEYS = Script.load(SnapshotReader.class, "keys.lua");

    private static final int KEYS_A_STEP = 200;
    private static final int MEMBERS_A_STEP = 20_000;
    private static final int HEAD = 3;

    private final RedisConnection redis;
    private final String stream;
    private final StreamKeys keys;
    private final Map<String, CutPoint> cuts = new HashMap<>();
    private final SortedSet<Range> skipped = new TreeSet<>();
    private CutPoint base;

    SnapshotReader(RedisConnection redis, String stream) {
        this.redis = redis;
        this.stream = stream;
        this.keys = new StreamKeys(stream);
    }

    /**
     * @param stored makes a configuration of the text that is stored beside the counts
     * @throws RefusedException {@code not-initialised}, {@code mark-lost}, {@code unknown-format}, {@code
     *     foreign-value}, {@code wrong-configuration}; {@code started-over} when that happened meanwhile
     */
    Snapshot read(Function<String, StreamConfig> stored) {
        List<StoredKey> first = read(
                List.of(nameOf(keys.accounts()), nameOf(keys.rejected()), nameOf(keys.buckets())), Integer.MAX_VALUE);
        StreamConfig config = configuration(stored);
        Names names = new Names(config);
        first.get(2).members().keySet().forEach(names::addBucket);
        base.marks().next().keySet().forEach(p -> names.add(nameOf(keys.rejectedAt(p))));
        scan(names);
        Map<CountKey, StoredKey> counts = new HashMap<>();
        SortedMap<Integer, StoredKey> positions = new TreeMap<>();
        List<String> wanted = new ArrayList<>(names.counts.keySet());
        names.positions.keySet().forEach(wanted::add);
        for (int done = 0; done < wanted.size(); ) {
            List<StoredKey> some =
                    read(wanted.subList(done, Math.min(wanted.size(), done + KEYS_A_STEP)), MEMBERS_A_STEP);
            for (StoredKey each : some) {
                if (names.counts.containsKey(each.name())) {
                    counts.put(names.counts.get(each.name()), each);
                } else {
                    positions.put(names.positions.get(each.name()), each);
                }
            }
            done += some.size();
        }
        return new Snapshot(
                stream,
                config,
                base,
                first.get(0),
                first.get(1),
                first.get(2),
                counts,
                positions,
                skipped,
                List.copyOf(names.unknown));
    }

    /** Reads the first of these keys, as many as fit, in one step. */
    private List<StoredKey> read(List<String> names, int mostMembers) {
        List<byte[]> wanted = new ArrayList<>(List.of(bytes(keys.main()), bytes(keys.buckets())));
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(bytes(Integer.toString(mostMembers)));
        arguments.add(bytes(base == null ? "1" : "0"));
        for (String name : names) {
            wanted.add(bytes(keys.main() + ":" + name));
            arguments.add(bytes(bucketName(name)));
        }
        List<?> reply = (List<?>) redis.eval(KEYS, wanted, arguments);
        CutPoint cut = cut(reply);
        List<StoredKey> read = new ArrayList<>();
        for (int i = HEAD; i < reply.size(); i++) {
            read.add(key(names.get(i - HEAD), cut, (List<?>) reply.get(i)));
        }
        return read;
    }

    private static StoredKey key(String name, CutPoint cut, List<?> entry) {
        Map<String, String> members = new LinkedHashMap<>();
        for (int i = HEAD; i < entry.size(); i += 2) {
            members.put(text(entry.get(i)), text(entry.get(i + 1)));
        }
        String type = text(entry.get(0));
        boolean expires = (Long) entry.get(1) >= 0;
        Object end = entry.get(2);
        return new StoredKey(name, cut, type, expires, end == null ? "" : text(end), members);
    }

    /** The moment of an answer; the same object for the same marks. The first one becomes the base. */
    private CutPoint cut(List<?> reply) {
        if (reply.isEmpty()) {
            throw new RefusedException("not-initialised", NotInitialisedException.message(stream));
        }
        Map<String, String> main = new LinkedHashMap<>();
        List<?> pairs = (List<?>) reply.get(2);
        for (int i = 0; i < pairs.size(); i += 2) {
            main.put(text(pairs.get(i)), text(pairs.get(i + 1)));
        }
        Instant readAt = Instant.ofEpochSecond(Long.parseLong(text(reply.get(0))))
                .plusMillis(Long.parseLong(text(reply.get(1))) / 1_000);
        Marks marks = MainHash.marks(stream, main).orElseThrow();
        if (base != null && !sameCounts(base.marks(), marks)) {
            throw new RefusedException(
                    "started-over",
                    "stream " + stream + " was started over while it was read: run this again when it has settled");
        }
        // The same version with other marks is possible: after Redis lost writes, versions are used again.
        CutPoint cut = cuts.computeIfAbsent(
                marks.version() + " " + marks.next(), v -> new CutPoint(marks, main, readAt, clock(main, readAt)));
        if (base == null) {
            base = cut;
        }
        skipped.addAll(skippedIn(main.getOrDefault("skipped", "")));
        return cut;
    }

    private static boolean sameCounts(Marks one, Marks other) {
        return one.storeId().equals(other.storeId())
                && one.topicId().equals(other.topicId())
                && one.fingerprint().equals(other.fingerprint());
    }

    /** Buckets are gone by the highest clock that any commit saw, or by the cut's as-of, but never beyond Redis's clock. */
    private long clock(Map<String, String> main, Instant readAt) {
        long asOf = Math.min(milliseconds(main, "as-of"), readAt.toEpochMilli());
        return Math.max(milliseconds(main, "clock"), asOf);
    }

    private long milliseconds(Map<String, String> main, String field) {
        String value = main.getOrDefault(field, "0");
        if (!value.matches("\\d{1,18}")) {
            throw new RefusedException(
                    "foreign-value",
                    "stream " + stream + ": field " + field + " of key " + keys.main() + " holds " + value
                            + ", which is no time in milliseconds");
        }
        return Long.parseLong(value);
    }

    private StreamConfig configuration(Function<String, StreamConfig> stored) {
        String text = base.main().getOrDefault("configuration", "");
        if (text.isEmpty()) {
            throw new RefusedException(
                    "wrong-configuration",
                    "stream " + stream + ": the configuration beside its counts is lost, so it cannot be said what"
                            + " they should be");
        }
        StreamConfig config = stored.apply(text);
        if (!config.fingerprint().equals(base.marks().fingerprint())) {
            throw new RefusedException(
                    "wrong-configuration",
                    "stream " + stream + " was counted with the configuration "
                            + base.marks().fingerprint()
                            + ", but the text beside its counts makes " + config.fingerprint()
                            + " in this version. Check it with the version of Tidemark that counts it");
        }
        return config;
    }

    private void scan(Names names) {
        int prefix = keys.main().length() + 1;
        new OtherKeys(redis, keys).scan(found -> {
            found.forEach(name -> names.add(name.substring(prefix)));
            return true;
        });
    }

    private List<Range> skippedIn(String json) {
        try {
            return SkippedRanges.read(json);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(
                    "foreign-value", "stream " + stream + ": the skipped ranges cannot be read: " + json);
        }
    }

    private String nameOf(String key) {
        return key.substring(keys.main().length() + 1);
    }

    private static String bucketName(String name) {
        String[] parts = name.split(":", 3);
        return parts.length == 3 ? parts[0] + ":" + parts[2] : "";
    }

    /** What there is to read, by names behind the stream's. */
    private final class Names {
        private final StreamConfig config;
        private final Map<String, CountKey> counts = new LinkedHashMap<>();
        private final Map<String, Integer> positions = new LinkedHashMap<>();
        private final SortedSet<String> unknown = new TreeSet<>();
        private final Set<String> others =
                Set.of(nameOf(keys.accounts()), nameOf(keys.rejected()), nameOf(keys.buckets()), nameOf(keys.health()));

        Names(StreamConfig config) {
            this.config = config;
            config.dimensions().stream().filter(Dimension::total).forEach(d -> {
                CountKey total = CountKey.total(d.name());
                counts.put(total.toString(), total);
            });
        }

        void addBucket(String name) {
            KeyName.bucket(name)
                    .ifPresent(b -> config.dimensions().stream()
                            .filter(d -> d.buckets().contains(b.size()))
                            .map(d -> CountKey.bucket(d.name(), b.size(), b.start()))
                            .forEach(key -> counts.put(key.toString(), key)));
        }

        void add(String name) {
            if (others.contains(name)) {
                return;
            }
            Optional<CountKey> count = KeyName.count(config, name);
            if (count.isPresent()) {
                counts.put(name, count.get());
            } else if (name.matches("rejected-at:\\d{1,9}")) {
                positions.put(name, Integer.valueOf(name.substring(name.indexOf(':') + 1)));
            } else {
                unknown.add(name);
            }
        }
    }
}
