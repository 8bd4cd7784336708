package io.tidemark.commit;

import static io.tidemark.commit.RedisConnection.bytes;
import static io.tidemark.commit.RedisConnection.text;

import io.tidemark.stream.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The names that readers ask by, where these are not the streams' own. Whoever counts never goes by them. May be used
 * by several threads; every method throws {@link StoreUnavailableException} when trying again is right, and {@link
 * io.tidemark.stream.RefusedException} when it is not.
 */
public final class StreamAliases {
    private static final Script LEAD = Script.load(StreamAliases.class, "lead.lua");
    static final Script SWITCH = Script.load(StreamAliases.class, "switch.lua");

    private final RedisConnection redis;

    /** @param redis stays the caller's to close */
    public StreamAliases(RedisConnection redis) {
        this.redis = redis;
    }

    /** What came of letting a name lead to another stream. */
    public sealed interface Led {
        /** From now on it does, or it did already. */
        record Done() implements Led {}

        /** It no longer leads where it was said to, but there; nothing was changed. */
        record Elsewhere(String stream) implements Led {}

        /** The stream has not counted as far as the other one yet, in so many partitions; nothing was changed. */
        record Behind(SortedMap<Integer, Long> records) implements Led {
            /** How many records in all. */
            public long sum() {
                return records.values().stream().mapToLong(Long::longValue).sum();
            }
        }
    }

    /** What names there are: in this order, so that a stream that is backfilled never looks like one for itself. */
    public StreamNames names() {
        Set<String> streams = redis.call(client -> client.smembers(StreamKeys.STREAMS));
        Map<String, String> backfills = redis.call(client -> client.hgetAll(StreamKeys.BACKFILLS));
        Map<String, String> aliases = redis.call(client -> client.hgetAll(StreamKeys.ALIASES));
        Set<String> replaced = redis.call(client -> client.smembers(StreamKeys.REPLACED));
        return new StreamNames(
                Shard.streamsOf(streams), new TreeMap<>(aliases), new TreeMap<>(backfills), new TreeSet<>(replaced));
    }

    /** The stream that answers to a name: the name itself where it is no alias. */
    public String streamOf(String name) {
        String stream = redis.call(client -> client.hget(StreamKeys.ALIASES, name));
        return stream == null ? name : stream;
    }

    /** Says that a stream is counted so that a name can lead to it: until then it is offered to nobody. */
    public void begin(String stream, String alias) {
        redis.call(client -> client.hset(StreamKeys.BACKFILLS, stream, alias));
    }

    /**
     * Lets a name lead to another stream, if that has counted at least as far as the one that it leads to now: so no
     * reader is told less than before. In one step; on a Redis Cluster in several, so that a reader may have been told
     * of what the former counted within these milliseconds, and miss it until the other one has counted it too.
     *
     * @param alias a stream's own name leads to itself again, and is no alias any more
     * @param from where it leads now; the alias itself where it is none yet
     */
    public Led lead(String alias, String from, String to) {
        return redis.isCluster() ? leadOverNodes(alias, from, to) : leadAtOnce(alias, from, to);
    }

    private Led leadAtOnce(String alias, String from, String to) {
        List<byte[]> keys = new ArrayList<>(
                List.of(bytes(StreamKeys.ALIASES), bytes(StreamKeys.BACKFILLS), bytes(StreamKeys.REPLACED)));
        int first = keys.size();
        keys.addAll(mains(from));
        int ofFrom = keys.size() - first;
        keys.addAll(mains(to));
        List<?> reply = (List<?>)
                redis.eval(LEAD, keys, List.of(bytes(alias), bytes(from), bytes(to), bytes(Integer.toString(ofFrom))));
        return switch (text(reply.get(0))) {
            case "led" -> new Led.Done();
            case "elsewhere" -> new Led.Elsewhere(text(reply.get(1)));
            default -> {
                SortedMap<Integer, Long> behind = new TreeMap<>();
                for (int i = 1; i < reply.size(); i += 3) {
                    long wanted = Long.parseLong(text(reply.get(i + 1)));
                    behind.put(Integer.valueOf(text(reply.get(i))), wanted - Long.parseLong(text(reply.get(i + 2))));
                }
                yield new Led.Behind(behind);
            }
        };
    }

    /**
     * In steps, each of which may be taken again: whose answer was lost asks again, and finishes what is not done yet.
     */
    private Led leadOverNodes(String alias, String from, String to) {
        String leads = streamOf(alias);
        if (!leads.equals(to)) {
            if (!leads.equals(from)) {
                return new Led.Elsewhere(leads);
            }
            SortedMap<Integer, Long> behind = behind(from, to);
            if (!behind.isEmpty()) {
                return new Led.Behind(behind);
            }
            List<?> reply = (List<?>) redis.eval(
                    SWITCH, List.of(bytes(StreamKeys.ALIASES)), List.of(bytes(alias), bytes(from), bytes(to)));
            if (!text(reply.get(0)).equals("led")) {
                return new Led.Elsewhere(text(reply.get(1)));
            }
        }
        redis.call(client -> client.sadd(StreamKeys.REPLACED, from));
        forgetBackfill(to);
        return new Led.Done();
    }

    /**
     * No step can take keys of several nodes. Marks only grow: what is read later of the other one is not too little.
     */
    private SortedMap<Integer, Long> behind(String from, String to) {
        SortedMap<Integer, Long> wanted = marks(from);
        SortedMap<Integer, Long> counted = marks(to);
        SortedMap<Integer, Long> behind = new TreeMap<>();
        wanted.forEach((partition, mark) -> {
            long missing = mark - counted.getOrDefault(partition, 0L);
            if (missing > 0) {
                behind.put(partition, missing);
            }
        });
        return behind;
    }

    private SortedMap<Integer, Long> marks(String stream) {
        return MainHash.numbers(stream, MainHash.read(redis, stream), "mark:");
    }

    /** Main hashes of the stream, or of its shards. */
    private List<byte[]> mains(String stream) {
        SortedSet<String> names = new ShardNames(redis).of(stream);
        if (names.isEmpty()) {
            names.add(stream);
        }
        return names.stream().map(name -> bytes(new StreamKeys(name).main())).toList();
    }

    /** It is not, or no longer, counted so that a name can lead to it, and was not left for another one. */
    public void forgetBackfill(String stream) {
        redis.call(client -> client.hdel(StreamKeys.BACKFILLS, stream));
        redis.call(client -> client.srem(StreamKeys.REPLACED, stream));
    }
}
