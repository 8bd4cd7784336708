package io.tidemark.bench;

import io.tidemark.commit.RedisAddress;
import io.tidemark.stream.BundledStreams;
import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import io.tidemark.trident.TidemarkTopology;
import io.tidemark.trident.TopologySettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.storm.Config;
import org.apache.storm.ILocalDRPC;
import org.apache.storm.generated.StormTopology;
import redis.clients.jedis.RedisClient;

/** The product's own topology with its default settings. */
record Ours(StreamConfig stream, TopologySettings settings) implements Counting {
    static Ours wikipedia(String broker, RedisAddress redis) {
        return new Ours(BundledStreams.wikipedia(), settings(broker, redis));
    }

    /** Four small dimensions of any topic. */
    static Ours four(String broker, String topic, RedisAddress redis) {
        try (InputStream yaml = Ours.class.getResourceAsStream("four.yaml")) {
            String text = new String(yaml.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("topic: WikiPediaLogs", "topic: " + topic);
            return new Ours(StreamConfigReader.read(text, Path.of(".")), settings(broker, redis));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The defaults, but for the records of a batch where {@code -Dbench.batch=} tries another number. */
    private static TopologySettings settings(String broker, RedisAddress redis) {
        TopologySettings defaults = TopologySettings.of(broker, redis);
        return defaults.withBatches(
                defaults.pending(),
                Integer.getInteger("bench.batch", defaults.batchRecords()),
                defaults.chunkRecords());
    }

    @Override
    public Config config() {
        return TidemarkTopology.stormConfig(settings);
    }

    @Override
    public StormTopology topology(ILocalDRPC drpc) {
        return TidemarkTopology.build(List.of(stream), settings, drpc);
    }

    @Override
    public long counted(RedisClient redis) {
        String records = redis.hget("tidemark:{" + stream.name() + "}:accounts", "records");
        return records == null ? 0 : Long.parseLong(records);
    }
}
