package io.tidemark.commit;

import io.tidemark.stream.RefusedException;
import io.tidemark.stream.Shard;
import io.tidemark.stream.StreamConfig;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** The names that a stream is kept under: its own, or those of its shards. May be used by several threads. */
public record ShardNames(RedisConnection redis) {
    /**
     * Those that there are of a stream: whatever configuration it was or is counted with.
     *
     * @throws StoreUnavailableException when trying again is right
     */
    public SortedSet<String> of(String stream) {
        Set<String> all = redis.call(client -> client.smembers(StreamKeys.STREAMS));
        SortedSet<String> names = new TreeSet<>(all);
        names.removeIf(name -> !Shard.streamOf(name).equals(stream));
        return names;
    }

    /**
     * Looks whether a stream is kept under other names than its configuration has: then it was counted with another
     * number of shards.
     *
     * @throws RefusedException {@code wrong-configuration} when it is
     * @throws StoreUnavailableException when trying again is right
     */
    void checkNoOthers(StreamConfig config) {
        SortedSet<String> others = others(config);
        if (!others.isEmpty()) {
            throw new ScriptRefusals(config).otherShards(others);
        }
    }

    /** All names that a stream is kept under, if one of them is none of its configuration's; else none. */
    SortedSet<String> ofAnotherNumber(StreamConfig config) {
        return others(config).isEmpty() ? new TreeSet<>() : of(config.name());
    }

    private SortedSet<String> others(StreamConfig config) {
        SortedSet<String> others = of(config.name());
        Shard.of(config).forEach(each -> others.remove(each.name()));
        return others;
    }

    /**
     * Adds a shard's name.
     *
     * @throws RefusedException {@code wrong-configuration} when its stream is kept in other shards
     */
    void claim(Shard shard) {
        boolean added = redis.call(client -> client.sadd(StreamKeys.STREAMS, shard.name())) > 0;
        SortedSet<String> others = others(shard.config());
        if (!others.isEmpty()) {
            if (added) {
                redis.call(client -> client.srem(StreamKeys.STREAMS, shard.name()));
            }
            throw new ScriptRefusals(shard.config()).otherShards(others);
        }
    }
}
