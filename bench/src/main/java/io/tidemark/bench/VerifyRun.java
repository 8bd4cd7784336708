package io.tidemark.bench;

import io.tidemark.commit.RedisAddress;
import io.tidemark.stream.StreamConfigReader;
import io.tidemark.trident.KafkaLog;
import io.tidemark.verify.Progress;
import io.tidemark.verify.Verification;
import io.tidemark.verify.Verifier;
import java.util.Map;
import org.apache.storm.LocalCluster;
import org.apache.storm.LocalDRPC;
import org.apache.storm.generated.KillOptions;
import redis.clients.jedis.RedisClient;

/**
 * Verification of the whole Wikipedia stream by one thread, so that its speed is one of a core. The topic is counted
 * first; then it is verified three times, the last of which is measured.
 */
final class VerifyRun {
    private VerifyRun() {}

    /** @param arguments as those of {@link TopologyRun} */
    @SuppressWarnings("try") // LocalCluster's close may be interrupted
    public static void main(String[] arguments) throws Exception {
        RedisAddress address = new RedisAddress("redis://127.0.0.1:" + arguments[3], arguments[4]);
        long records = Long.parseLong(arguments[5]);
        Counting counting = Ours.wikipedia(arguments[1], address);
        try (RedisClient redis = Redis.client(address);
                LocalCluster cluster = new LocalCluster();
                LocalDRPC drpc = new LocalDRPC(cluster.getMetricRegistry())) {
            cluster.submitTopology("counting", counting.config(), counting.topology(drpc));
            while (counting.counted(redis) < records) {
                Thread.sleep(100);
            }
            KillOptions now = new KillOptions();
            now.set_wait_secs(0);
            cluster.killTopologyWithOpts("counting", now);
        }
        Map<String, String> client = Map.of("bootstrap.servers", arguments[1]);
        try (Verifier verifier =
                new Verifier(address, StreamConfigReader::stored, config -> new KafkaLog(config, client), 1)) {
            for (int pass = 0; pass < TopologyRun.WARM_UPS; pass++) {
                verify(verifier);
            }
            Cost.Meter meter = new Cost.Meter(0);
            verify(verifier);
            System.out.println(meter.stop(records).line());
        }
        System.exit(0);
    }

    private static void verify(Verifier verifier) {
        Verification verification = verifier.verify("wiki", Progress.NONE);
        if (!verification.agrees()) {
            throw new IllegalStateException("the counts are wrong: " + verification.differences());
        }
    }
}
