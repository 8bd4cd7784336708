package io.tidemark.commit;

import io.tidemark.stream.Shard;
import io.tidemark.stream.StreamConfig;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The names that a stream is kept under in the model: its own, or those of its shards. */
record ModelNames(ModelRedis redis, StreamConfig config) {
    /** Whether it was counted with another number of shards. */
    boolean isKeptOtherwise() {
        List<String> own = Shard.of(config).stream().map(Shard::name).toList();
        return !own.containsAll(there());
    }

    /** All shards, and those that the stream was kept in before. */
    void startOver() {
        SortedSet<String> names = there();
        Shard.of(config).forEach(each -> names.add(each.name()));
        String next = "after-" + redis.now() + "-" + redis.nextNumber();
        for (String name : names) {
            StreamKeys each = new StreamKeys(name);
            redis.keys().keySet().removeIf(k -> k.equals(each.main()) || k.startsWith(each.main() + ":"));
            new ModelHealth(redis, each).startOver(next);
            if (redis.keys().containsKey(StreamKeys.STREAMS)) {
                redis.deleteField(StreamKeys.STREAMS, name);
            }
        }
    }

    private SortedSet<String> there() {
        SortedSet<String> names = new TreeSet<>(redis.contents()
                .getOrDefault(StreamKeys.STREAMS, new TreeMap<>())
                .keySet());
        names.removeIf(name -> !Shard.streamOf(name).equals(config.name()));
        return names;
    }
}
