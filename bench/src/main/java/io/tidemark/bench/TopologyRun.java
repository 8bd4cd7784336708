package io.tidemark.bench;

import io.tidemark.commit.RedisAddress;
import org.apache.storm.LocalCluster;
import org.apache.storm.LocalDRPC;
import org.apache.storm.generated.KillOptions;
import redis.clients.jedis.RedisClient;

/**
 * One contender in a LocalCluster, on a real Redis. A drain is run twice, each time as a new topology on an empty Redis
 * in the same JVM; the first one warms it up. What is measured is the time from the first commit that is seen to the
 * last. Without a number of records it just runs until it is ended.
 */
final class TopologyRun {
    private TopologyRun() {}

    /** @param arguments "four", "wiki" or "stock", broker, topic, Redis's port, file of its password, records or 0 */
    @SuppressWarnings("try") // LocalCluster's close may be interrupted
    public static void main(String[] arguments) throws Exception {
        RedisAddress address = new RedisAddress("redis://127.0.0.1:" + arguments[3], arguments[4]);
        Counting counting = switch (arguments[0]) {
            case "four" -> Ours.four(arguments[1], arguments[2], address);
            case "wiki" -> Ours.wikipedia(arguments[1], address);
            default -> new Stock(arguments[1], arguments[2], address);
        };
        long records = Long.parseLong(arguments[5]);
        try (RedisClient redis = Redis.client(address);
                LocalCluster cluster = new LocalCluster();
                LocalDRPC drpc = new LocalDRPC(cluster.getMetricRegistry())) {
            if (records == 0) {
                cluster.submitTopology("live", counting.config(), counting.topology(drpc));
                Thread.sleep(Long.MAX_VALUE);
            }
            for (int pass = 0; pass < 2; pass++) {
                redis.flushAll();
                String name = "drain-" + pass;
                cluster.submitTopology(name, counting.config(), counting.topology(drpc));
                double perSecond = drained(redis, counting, records);
                System.out.println((pass == 0 ? "WARM " : "RESULT ") + perSecond);
                KillOptions now = new KillOptions();
                now.set_wait_secs(0);
                cluster.killTopologyWithOpts(name, now);
                Thread.sleep(pass == 0 ? 3_000 : 0);
            }
        }
        System.exit(0);
    }

    /** Records a second, from the first ones that are seen to the end. */
    private static double drained(RedisClient redis, Counting counting, long records) throws InterruptedException {
        long first = 0;
        long from = 0;
        while (true) {
            long counted = counting.counted(redis);
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
}
