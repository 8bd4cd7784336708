package io.tidemark.cut;

import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.ShardNames;
import io.tidemark.commit.StreamAliases;
import io.tidemark.commit.StreamKeys;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import redis.clients.jedis.params.ZRangeParams;

/** Reads which records a stream has rejected, as far as their positions are kept. May be used by several threads. */
public final class RejectedReader {
    private static final String MARK = "mark:";

    private final RedisConnection redis;

    /** Under which name a partition is kept, by stream and partition. */
    private final Map<String, String> kept = new ConcurrentHashMap<>();

    /** @param redis stays the caller's to close */
    public RejectedReader(RedisConnection redis) {
        this.redis = redis;
    }

    /**
     * What has been rejected.
     *
     * @param stream whose records: what the name that was asked by leads to
     * @param topic of the stream
     * @param marks the next offset to count, by partition
     * @param reasons how many records were rejected, by reason; also of those whose positions are no longer kept
     */
    public record Overview(
            String stream, String topic, SortedMap<Integer, Long> marks, SortedMap<String, Long> reasons) {
        public Overview {
            marks = Collections.unmodifiableSortedMap(new TreeMap<>(marks));
            reasons = Collections.unmodifiableSortedMap(new TreeMap<>(reasons));
        }
    }

    /** The position of a rejected record and why it was rejected. */
    public record Position(int partition, long offset, String reason) {}

    /**
     * Reads what there is of a stream.
     *
     * @param name of the stream, or an alias, which wins where it is both
     * @throws NotInitialisedException when the stream is not there
     * @throws io.tidemark.commit.StoreUnavailableException when trying again is right
     * @throws io.tidemark.stream.RefusedException when the user may not ask
     */
    public Overview overview(String name) {
        String stream = new StreamAliases(redis).streamOf(name);
        String topic = null;
        SortedMap<Integer, Long> marks = new TreeMap<>();
        SortedMap<String, Long> reasons = new TreeMap<>();
        for (String shard : new ShardNames(redis).of(stream)) {
            StreamKeys keys = new StreamKeys(shard);
            Map<String, String> main = redis.call(client -> client.hgetAll(keys.main()));
            topic = main.getOrDefault("topic", topic);
            main.forEach((field, value) -> {
                if (field.startsWith(MARK)) {
                    int partition = Integer.parseInt(field.substring(MARK.length()));
                    marks.put(partition, Long.valueOf(value));
                    kept.put(stream + " " + partition, shard);
                }
            });
            redis.call(client -> client.hgetAll(keys.rejected()))
                    .forEach((reason, count) -> reasons.merge(reason, Long.valueOf(count), Math::addExact));
        }
        if (topic == null) {
            throw new NotInitialisedException(stream);
        }
        return new Overview(stream, topic, marks, reasons);
    }

    /**
     * Reads the positions that are kept of one partition, by offset; of partitions that an overview named.
     *
     * @param above only positions with a larger offset; -1 for all
     */
    public List<Position> positions(String stream, int partition, long above) {
        String key = new StreamKeys(kept.getOrDefault(stream + " " + partition, stream)).rejectedAt(partition);
        List<String> members = redis.call(
                client -> client.zrange(key, ZRangeParams.zrangeByScoreParams(above + 1.0, Double.POSITIVE_INFINITY)));
        List<Position> positions = new ArrayList<>(members.size());
        for (String member : members) {
            int blank = member.indexOf(' ');
            positions.add(
                    new Position(partition, Long.parseLong(member.substring(0, blank)), member.substring(blank + 1)));
        }
        return positions;
    }
}
