package io.tidemark.commit;

import static io.tidemark.commit.RedisConnection.bytes;
import static io.tidemark.commit.RedisConnection.text;

import io.tidemark.plan.Range;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.Shard;
import io.tidemark.stream.StreamConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Goes on beyond records that Kafka has lost before they were counted: the one way in which a mark moves without a tally.
 * What was skipped stays beside the counts, and in every answer. May be used by several threads.
 */
public final class Skipping {
    private final RedisConnection redis;
    private final StreamConfig config;
    private final String writer;
    private final Scripts scripts;

    /**
     * @param redis stays the caller's to close
     * @param writer who skips, shown in status
     */
    public Skipping(RedisConnection redis, StreamConfig config, String writer) {
        this(redis, config, writer, Scripts.bundled());
    }

    Skipping(RedisConnection redis, StreamConfig config, String writer, Scripts scripts) {
        this.redis = redis;
        this.config = config;
        this.writer = writer;
        this.scripts = scripts;
    }

    /**
     * Skips a range.
     *
     * @param range from the mark to where counting goes on
     * @param before what has been skipped so far, of partitions of any shard
     * @param topicId of the topic as it is now
     * @return whether it was skipped; not when the mark or what has been skipped is no longer what was said
     * @throws StoreUnavailableException when trying again is right
     * @throws RefusedException {@code not-initialised}, {@code unknown-format}, {@code frozen}, {@code wrong-topic}
     */
    public boolean skip(Range range, List<Range> before, String topicId) {
        Shard shard = Shard.of(config, range.partition());
        List<Range> own = before.stream()
                .filter(skipped -> shard.owns(skipped.partition()))
                .toList();
        List<byte[]> arguments = new ArrayList<>();
        List.of(
                        StreamKeys.FORMAT,
                        topicId,
                        Integer.toString(range.partition()),
                        Long.toString(range.first()),
                        Long.toString(range.end()),
                        own.isEmpty() ? "" : json(own),
                        json(joined(own, range)),
                        writer)
                .forEach(argument -> arguments.add(bytes(argument)));
        List<?> reply =
                (List<?>) redis.eval(scripts.skip(), List.of(bytes(new StreamKeys(shard.name()).main())), arguments);
        return switch (text(reply.get(0))) {
            case "skipped" -> true;
            case "out-of-step" -> false;
            default -> throw new ScriptRefusals(config).of(reply);
        };
    }

    /** Ranges that follow each other become one. */
    static List<Range> joined(List<Range> before, Range range) {
        TreeSet<Range> sorted = new TreeSet<>(before);
        sorted.add(range);
        List<Range> joined = new ArrayList<>();
        for (Range each : sorted) {
            Range last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
            if (last != null && last.partition() == each.partition() && last.end() == each.first()) {
                joined.set(joined.size() - 1, new Range(each.partition(), last.first(), each.end()));
            } else {
                joined.add(each);
            }
        }
        return joined;
    }

    private static String json(List<Range> ranges) {
        return ranges.stream()
                .map(range -> "{\"partition\":" + range.partition() + ",\"first\":" + range.first() + ",\"end\":"
                        + range.end() + "}")
                .collect(Collectors.joining(",", "[", "]"));
    }
}
