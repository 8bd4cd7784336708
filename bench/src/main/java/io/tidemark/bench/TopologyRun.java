package io.tidemark.bench;

import io.tidemark.commit.RedisAddress;
import org.apache.storm.LocalCluster;
import org.apache.storm.LocalDRPC;
import org.apache.storm.generated.KillOptions;
import redis.clients.jedis.RedisClient;

/**
 * One contender in a LocalCluster, on a real Redis. A drain is run three times, each time as a new topology on an empty
 * Redis in the same JVM; all but the last one warm it up. What is measured is the time from the first commit that is seen to the
 * last. Without a number of records it just runs until it is ended.
 */
final class TopologyRun {
    static final int WARM_UPS = 2;

    private TopologyRun() {}

    /** @param arguments "four", "wiki" or "stock", broker, topic, Redis's port, file of its password, records or 0 */
    @SuppressWarnings("try") // LocalCluster's close may be interrupted
    public static void main(String[] arguments) throws Exception {
        RedisAddress address = new RedisAddress("redis://127.0.0.1:" + arguments[3], arguments[4]);
        Counting counting = counting(arguments[0], arguments[1], arguments[2], address);
        long records = Long.parseLong(arguments[5]);
        try (RedisClient redis = Redis.client(address);
                LocalCluster cluster = new LocalCluster();
                LocalDRPC drpc = new LocalDRPC(cluster.getMetricRegistry())) {
            if (records == 0) {
                cluster.submitTopology("live", counting.config(), counting.topology(drpc));
                watchThreads();
            }
            for (int pass = 0; pass <= WARM_UPS; pass++) {
                redis.flushAll();
                String name = "drain-" + pass;
                cluster.submitTopology(name, counting.config(), counting.topology(drpc));
                Cost cost = drained(redis, counting, records);
                System.out.println(pass < WARM_UPS ? "WARM " + cost : cost.line());
                KillOptions now = new KillOptions();
                now.set_wait_secs(0);
                cluster.killTopologyWithOpts(name, now);
                Thread.sleep(pass < WARM_UPS ? 3_000 : 0);
            }
        }
        System.exit(0);
    }

    static Counting counting(String arm, String broker, String topic, RedisAddress redis) {
        return switch (arm) {
            case "four" -> Ours.four(broker, topic, redis);
            case "wiki" -> Ours.wikipedia(broker, redis);
            case "stock" -> new Stock(broker, topic, redis);
            default -> throw new IllegalArgumentException("no arm " + arm + "; there are raw, stock, four and wiki");
        };
    }

    /** What it took from the first records that are seen to the end. */
    private static Cost drained(RedisClient redis, Counting counting, long records) throws InterruptedException {
        long first = 0;
        Cost.Meter meter = null;
        while (true) {
            long counted = counting.counted(redis);
            if (counted > 0 && meter == null) {
                first = counted;
                meter = new Cost.Meter(processOf(redis));
            }
            if (counted >= records && meter != null) {
                return meter.stop(counted - first);
            }
            Thread.sleep(10);
        }
    }

    private static long processOf(RedisClient redis) {
        return redis.info("server")
                .lines()
                .filter(line -> line.startsWith("process_id:"))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1)))
                .findFirst()
                .orElseThrow();
    }

    /** Says every ten seconds, for ever, which threads used how much of a core. */
    private static void watchThreads() throws InterruptedException {
        Cpu before = Cpu.now();
        long began = System.nanoTime();
        while (true) {
            Thread.sleep(10_000);
            Cpu now = Cpu.now();
            long end = System.nanoTime();
            System.out.println("Percent of a core, by thread:");
            now.since(before).lines((end - began) / 100.0).forEach(System.out::println);
            before = now;
            began = end;
        }
    }
}
