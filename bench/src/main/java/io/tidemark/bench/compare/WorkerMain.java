package io.tidemark.bench.compare;

import io.tidemark.commit.RedisAddress;
import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import io.tidemark.trident.TidemarkTopology;
import io.tidemark.trident.TopologySettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.storm.Config;
import org.apache.storm.LocalCluster;
import org.apache.storm.LocalDRPC;
import org.apache.storm.generated.StormTopology;

/** A worker with everything of Storm that it needs, in a process that can be killed. */
public final class WorkerMain {
    static final String READY = "READY";
    private static final Duration MESSAGE_TIMEOUT = Duration.ofSeconds(6);

    private WorkerMain() {}

    /** @param arguments stock or ours, broker, topic, port of Redis, file of its password, port of ZooKeeper, variant */
    @SuppressWarnings("try") // LocalCluster's close may be interrupted
    public static void main(String[] arguments) throws Exception {
        boolean stock = arguments[0].equals("stock");
        String topic = arguments[2];
        int redisPort = Integer.parseInt(arguments[3]);
        RedisAddress redis = new RedisAddress("redis://127.0.0.1:" + redisPort, arguments[4]);
        TopologySettings settings = new TopologySettings(
                Map.of("bootstrap.servers", arguments[1]),
                redis,
                2,
                Duration.ofMillis(20),
                MESSAGE_TIMEOUT,
                300_000,
                2_000,
                1,
                1,
                TopologySettings.NO_GROUP);
        try (LocalCluster cluster = new LocalCluster();
                LocalDRPC drpc = new LocalDRPC(cluster.getMetricRegistry())) {
            Config config = stock ? new Config() : TidemarkTopology.stormConfig(settings);
            config.setMessageTimeoutSecs((int) MESSAGE_TIMEOUT.toSeconds());
            config.put(Config.TOPOLOGY_ENABLE_MESSAGE_TIMEOUTS, true);
            config.put(Config.TRANSACTIONAL_ZOOKEEPER_SERVERS, List.of("127.0.0.1"));
            config.put(Config.TRANSACTIONAL_ZOOKEEPER_PORT, Integer.parseInt(arguments[5]));
            StormTopology topology = stock
                    ? StockTopology.build(
                            arguments[1],
                            topic,
                            redisPort,
                            Files.readString(Path.of(arguments[4])).strip(),
                            arguments[6])
                    : TidemarkTopology.build(List.of(kinds(topic)), settings, drpc);
            cluster.submitTopology("compare", config, topology);
            System.out.println(READY);
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    private static StreamConfig kinds(String topic) throws IOException {
        try (InputStream yaml = WorkerMain.class.getResourceAsStream("kinds.yaml")) {
            String text = new String(yaml.readAllBytes(), StandardCharsets.UTF_8);
            return StreamConfigReader.read(text.replace("TOPIC", topic), Path.of("."));
        }
    }
}
