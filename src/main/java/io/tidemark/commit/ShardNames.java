package io.tidemark.commit;

import io.tidemark.stream.InvalidConfigException;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.Shard;
import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
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
        SortedSet<String> others = others(config, of(config.name()));
        if (!others.isEmpty()) {
            throw new ScriptRefusals(config).otherShards(others);
        }
    }

    /**
     * All names that a stream is kept under, if they are of another number of shards than its configuration has; else
     * none.
     */
    SortedSet<String> ofAnotherNumber(StreamConfig config) {
        SortedSet<String> all = of(config.name());
        return all.isEmpty() || others(config, all).isEmpty() && isOfSameNumber(all.first(), config)
                ? new TreeSet<>()
                : all;
    }

    /** The names of two shards are among those of three. */
    private boolean isOfSameNumber(String name, StreamConfig config) {
        String counted = redis.call(client -> client.hget(new StreamKeys(name).main(), "configuration"));
        if (counted == null || counted.equals(config.text())) {
            return true;
        }
        try {
            return StreamConfigReader.stored(counted).shards() == config.shards();
        } catch (InvalidConfigException e) {
            return false; // of a later version: nothing is known of where it keeps which partition
        }
    }

    private static SortedSet<String> others(StreamConfig config, SortedSet<String> all) {
        SortedSet<String> others = new TreeSet<>(all);
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
        SortedSet<String> others = others(shard.config(), of(shard.config().name()));
        if (!others.isEmpty()) {
            if (added) {
                redis.call(client -> client.srem(StreamKeys.STREAMS, shard.name()));
            }
            throw new ScriptRefusals(shard.config()).otherShards(others);
        }
    }
}
