package io.tidemark.bench;

import io.tidemark.commit.RedisAddress;
import io.tidemark.stream.BundledStreams;
import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import io.tidemark.trident.TidemarkTopology;
import io.tidemark.trident.TopologySettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.storm.LocalCluster;
import org.apache.storm.LocalDRPC;
import org.apache.storm.generated.KillOptions;
import redis.clients.jedis.RedisClient;

/**
 * The real topology in a LocalCluster, on a real Redis. Each pass is a new topology on an empty Redis, in the same JVM;
 * the first one warms it up. What is measured is the time from the first commit that is seen to the last.
 */
final class Ours {
    private Ours() {}

    /** @param arguments broker, records, "four" or "all", Redis's port, file of its password */
    @SuppressWarnings("try") // LocalCluster's close may be interrupted
    public static void main(String[] arguments) throws Exception {
        StreamConfig config = arguments[2].equals("four") ? four() : BundledStreams.wikipedia();
        int records = Integer.parseInt(arguments[1]);
        RedisAddress address = new RedisAddress("redis://127.0.0.1:" + arguments[3], arguments[4]);
        TopologySettings settings = TopologySettings.of(arguments[0], address);
        try (RedisClient redis = Redis.client(address);
                LocalCluster cluster = new LocalCluster();
                LocalDRPC drpc = new LocalDRPC(cluster.getMetricRegistry())) {
            for (int pass = 0; pass < 2; pass++) {
                redis.flushAll();
                String name = "bench-" + pass;
                cluster.submitTopology(
                        name,
                        TidemarkTopology.stormConfig(settings),
                        TidemarkTopology.build(List.of(config), settings, drpc));
                double perSecond = drained(redis, config.name(), records);
                System.out.println((pass == 0 ? "WARM " : "RESULT ") + perSecond);
                KillOptions now = new KillOptions();
                now.set_wait_secs(0);
                cluster.killTopologyWithOpts(name, now);
                Thread.sleep(pass == 0 ? 3_000 : 0);
            }
        }
        System.exit(0);
    }

    /** Records a second, from the first mark that is seen to the end. */
    private static double drained(RedisClient redis, String stream, int records) throws InterruptedException {
        String key = "tidemark:{" + stream + "}:accounts";
        long first = 0;
        long from = 0;
        while (true) {
            String text = redis.hget(key, "records");
            long counted = text == null ? 0 : Long.parseLong(text);
            if (counted > 0 && from == 0) {
                first = counted;
                from = System.nanoTime();
            }
            if (counted >= records) {
                return (counted - first) / ((System.nanoTime() - from) / 1e9);
            }
            Thread.sleep(2);
        }
    }

    private static StreamConfig four() throws IOException {
        try (InputStream yaml = Ours.class.getResourceAsStream("four.yaml")) {
            return StreamConfigReader.read(new String(yaml.readAllBytes(), StandardCharsets.UTF_8), Path.of("."));
        }
    }
}
