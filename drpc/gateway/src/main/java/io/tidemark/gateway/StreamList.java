package io.tidemark.gateway;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.commit.StreamAliases;
import io.tidemark.commit.StreamKeys;
import io.tidemark.commit.StreamNames;
import io.tidemark.stream.BucketSize;
import io.tidemark.stream.Dimension;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.Shard;
import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which streams this Redis holds, and what a page must know to show them. Thread-safe. */
final class StreamList {
    private static final Logger LOG = LoggerFactory.getLogger(StreamList.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long NAMES_HOLD_NANOS = 1_000_000_000L;

    private final RedisConnection redis;
    private final StreamAliases aliases;
    private final ConcurrentMap<String, StreamConfig> read = new ConcurrentHashMap<>();
    private volatile Names names;

    private record Names(StreamNames names, long atNanos) {}

    StreamList(RedisConnection redis) {
        this.redis = redis;
        this.aliases = new StreamAliases(redis);
    }

    /** As they were within the last second. @throws io.tidemark.commit.StoreUnavailableException when Redis is away */
    StreamNames names() {
        Names known = names;
        if (known == null || System.nanoTime() - known.atNanos() > NAMES_HOLD_NANOS) {
            known = new Names(aliases.names(), System.nanoTime());
            names = known;
        }
        return known.names();
    }

    /** Everything that can be asked by; null when Redis is away. */
    SortedSet<String> namesOrNull() {
        try {
            return names().all();
        } catch (StoreUnavailableException | RefusedException e) {
            LOG.debug("which streams there are is not known for now: {}", e.getMessage());
            return null;
        }
    }

    /** {@code {"streams": [{"name": "wiki", "topic": ..., "dimensions": [...], "aliases": {...}}]}}. */
    String json() {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode streams = answer.putArray("streams");
        StreamNames known = names();
        for (String name : known.offered()) {
            ObjectNode stream = streams.addObject().put("name", name);
            String leads = known.streamOf(name);
            if (!leads.equals(name)) {
                stream.put("answeredBy", leads);
            }
            String text = configuration(leads);
            if (text.isEmpty()) {
                text = configuration(Shard.oneOfSeveral(leads, 0));
            }
            if (!text.isEmpty()) {
                describe(config(text), stream);
            }
        }
        return answer.toString();
    }

    /** Empty when there is none. */
    private String configuration(String name) {
        String text = redis.call(client -> client.hget(new StreamKeys(name).main(), "configuration"));
        return text == null ? "" : text;
    }

    private StreamConfig config(String text) {
        if (read.size() > 1_000) {
            read.clear();
        }
        return read.computeIfAbsent(text, StreamConfigReader::stored);
    }

    private static void describe(StreamConfig config, ObjectNode stream) {
        stream.put("topic", config.topic());
        stream.put("latenessSeconds", config.lateness().toSeconds());
        ObjectNode retention = stream.putObject("retentionSeconds");
        for (BucketSize size : BucketSize.values()) {
            if (config.retention().containsKey(size)) {
                retention.put(size.label(), config.retention().get(size).toSeconds());
            }
        }
        ArrayNode dimensions = stream.putArray("dimensions");
        for (Dimension dimension : config.dimensions()) {
            ObjectNode described = dimensions.addObject();
            described.put("name", dimension.name());
            described.put("ranked", dimension.ranked());
            described.put("total", dimension.total());
            ArrayNode buckets = described.putArray("buckets");
            dimension.buckets().stream().sorted().forEach(size -> buckets.add(size.label()));
            described.put("cap", dimension.cap());
        }
        ObjectNode aliases = stream.putObject("aliases");
        new java.util.TreeMap<>(config.aliases().names())
                .forEach((alias, category) -> aliases.put(alias, category.dimension() + ":" + category.value()));
    }
}
