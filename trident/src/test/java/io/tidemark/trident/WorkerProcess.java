package io.tidemark.trident;

import io.tidemark.commit.RedisAddress;
import io.tidemark.plan.Range;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.storm.Config;
import org.apache.storm.LocalCluster;
import org.apache.storm.LocalDRPC;

/**
 * A worker with all of Storm that it needs, in a process that can be killed; what Trident keeps of its batches lies in a
 * ZooKeeper that outlives it. It writes down what its emitters read. Ends with this JVM. Used by one thread.
 */
final class WorkerProcess implements AutoCloseable {
    private static final String READ = "read ";

    private final Path output;
    private final Process process;

    private WorkerProcess(Path output, Process process) {
        this.output = output;
        this.process = process;
    }

    /** @param folder of its logs @param life which one it is, for their names */
    static WorkerProcess start(Path folder, int life, Rig rig, TransactionalZooKeeper zookeeper) {
        Path output = folder.resolve("worker-" + life + ".out");
        try {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            WorkerProcess.class.getName(),
                            rig.settings().kafka().get("bootstrap.servers"),
                            rig.config().topic(),
                            rig.address().uri(),
                            rig.address().passwordFile(),
                            Integer.toString(zookeeper.port()))
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            return new WorkerProcess(output, process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Many small batches in flight, read by two tasks. */
    private static TopologySettings settings(String kafka, RedisAddress redis) {
        return TopologySettings.of(kafka, redis)
                .withParallelism(2, 2)
                .withBatches(16, 320, 20)
                .withTimes(Duration.ofMillis(5), Duration.ofSeconds(10));
    }

    /** Runs until it is killed, or until whoever started it has gone. */
    public static void main(String[] arguments) throws Exception {
        TopologySettings settings = settings(arguments[0], new RedisAddress(arguments[2], arguments[3]));
        String topic = arguments[1];
        WatchedPorts.reads(topic).tell(read -> read.ranges().forEach(range -> say(range)));
        LocalCluster cluster = new LocalCluster();
        LocalDRPC drpc = new LocalDRPC(cluster.getMetricRegistry());
        Config config = TidemarkTopology.stormConfig(settings);
        config.put(Config.TRANSACTIONAL_ZOOKEEPER_SERVERS, List.of("127.0.0.1"));
        config.put(Config.TRANSACTIONAL_ZOOKEEPER_PORT, Integer.parseInt(arguments[4]));
        cluster.submitTopology(
                topic,
                config,
                TidemarkTopology.build(
                        List.of(Rig.configuration(topic, UnaryOperator.identity())),
                        settings,
                        drpc,
                        new WatchedPorts(Ports.of(settings), topic)));
        while (System.in.read() >= 0) {
            // Nothing is said to it.
        }
        Runtime.getRuntime().halt(0);
    }

    private static void say(Range range) {
        System.out.println(READ + range.partition() + " " + range.first() + " " + range.end());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What it has read so far. */
    List<Range> reads() {
        List<Range> reads = new ArrayList<>();
        for (String line :
                output().lines().filter(each -> each.startsWith(READ)).toList()) {
            String[] words = line.split(" ");
            if (words.length == 4) { // the last one may be cut off
                reads.add(new Range(Integer.parseInt(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3])));
            }
        }
        return reads;
    }

    /** All that it has printed. */
    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
