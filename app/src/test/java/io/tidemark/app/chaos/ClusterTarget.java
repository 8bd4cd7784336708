package io.tidemark.app.chaos;

import static org.awaitility.Awaitility.await;

import io.tidemark.app.CommandFailedException;
import io.tidemark.app.child.Workers.Worker;
import io.tidemark.app.cluster.ClusterOptions;
import io.tidemark.app.cluster.Signal;
import io.tidemark.app.cluster.StormCluster;
import io.tidemark.app.service.DataFolder;
import io.tidemark.app.service.ServiceInfo;
import io.tidemark.app.service.ServiceInfo.StreamInfo;
import io.tidemark.commit.RedisAddress;
import io.tidemark.oracle.WikipediaStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.storm.generated.TopologySummary;

/**
 * The topology's jar on a cluster of processes, whose Redis is reached by an address that can be moved. What dies is
 * started again by the cluster; what Storm has lost or was told to end is submitted again, as its operators would.
 */
final class ClusterTarget implements Target {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration AS_ZOMBIE = Duration.ofSeconds(3);
    /** All of the cluster's time-outs together. */
    private static final Duration PAST_TIMEOUTS = Duration.ofSeconds(20);

    private static final Duration TO_LAUNCH = Duration.ofSeconds(40);
    private static final int WORKER_HEAP_MB = 256;
    private static final long RETENTION_BYTES = 4L << 30;

    private final Path folder;
    private final DataFolder data;
    private final Random random;
    private StormCluster cluster;
    private RedisPair redis;
    private Path jar;
    private String current;
    private int deployments;
    private int versions;
    private boolean ended;

    ClusterTarget(Path folder, Random random) {
        this.folder = folder;
        this.data = new DataFolder(folder.resolve("data"));
        this.random = random;
    }

    @Override
    public void start() throws IOException, InterruptedException {
        jar = StormCluster.builtJar();
        Files.createDirectories(folder);
        synchronized (this) {
            insistOnLife();
            cluster = StormCluster.start(
                    data,
                    new ClusterOptions(0, 0, 0, RETENTION_BYTES, WORKER_HEAP_MB, TO_LAUNCH),
                    List.of(new StreamInfo("wiki", WikipediaStream.TOPIC)),
                    line -> {});
        }
        cluster.awaitReady();
        synchronized (this) {
            insistOnLife();
            redis = new RedisPair(cluster, data.redis(), folder.resolve("second-redis"), random);
        }
        submit();
    }

    private void insistOnLife() {
        if (ended) {
            throw new IllegalStateException("ended before it began");
        }
    }

    @Override
    public ServiceInfo info() {
        ServiceInfo of = cluster.info();
        RedisAddress address = redis.address();
        return new ServiceInfo(
                of.pid(),
                of.started(),
                of.kafka(),
                address.uri(),
                address.passwordFile(),
                of.drpc(),
                of.http(),
                of.streams());
    }

    @Override
    public int eventsPerSecond() {
        return 500;
    }

    @Override
    public List<Fault> faults() {
        return List.of(
                Fault.of("worker killed", r -> killWorker()),
                Fault.of("supervisor killed", r -> kill(supervisor())),
                Fault.of("Nimbus killed", r -> kill("nimbus")),
                Fault.of("ZooKeeper killed", r -> kill("zookeeper")),
                Fault.of("ZooKeeper's data wiped, Nimbus started again, submitted again", this::wipeZooKeeper),
                Fault.of("all of Storm's state wiped, submitted again", this::wipeStorm),
                Fault.of("Kafka broker killed", r -> kill("kafka")),
                Fault.of("Redis killed", r -> redis.kill()),
                Fault.losingWrites("Redis stopped, back without its last writes", r -> redis.loseWrites()),
                Fault.losingWrites("a Redis replica that lagged promoted", r -> redis.promote(r)),
                Fault.of("DRPC server killed", r -> kill("drpc")),
                Fault.of("host stood still, came back as a zombie", this::zombie),
                Fault.of("rebalanced to other tasks", r -> rebalance()),
                Fault.of("killed, submitted under another name", r -> redeploy()),
                Fault.of("upgraded to a new jar beside the old one", this::upgrade));
    }

    private String supervisor() {
        return "supervisor-" + (1 + random.nextInt(2));
    }

    private void kill(String daemon) {
        cluster.process(daemon).ifPresent(ProcessHandle::destroyForcibly);
    }

    private void killWorker() {
        List<Worker> workers = await("a worker").atMost(PATIENCE).until(cluster::workers, all -> !all.isEmpty());
        workers.get(random.nextInt(workers.size())).process().destroyForcibly();
    }

    /**
     * Under supervisors and workers that run on. Storm's Nimbus would run on too, but does not always lead again: it was
     * seen to wait for a leader for ever. That the topology is to run is lost: it is submitted again.
     */
    private void wipeZooKeeper(Recovery recovery) throws InterruptedException {
        cluster.stop("zookeeper");
        cluster.wipeZooKeeper();
        cluster.start("zookeeper");
        kill("nimbus");
        cluster.awaitReady();
        submit();
        recovery.await();
    }

    /** Nothing that counts lies there; that the topology is to run does, so it is submitted again. */
    private void wipeStorm(Recovery recovery) throws InterruptedException {
        List<String> storm = List.of("supervisor-2", "supervisor-1", "nimbus", "zookeeper");
        storm.forEach(cluster::stop);
        cluster.wipe();
        for (int i = storm.size() - 1; i >= 0; i--) {
            cluster.start(storm.get(i));
        }
        cluster.awaitReady();
        submit();
        recovery.await();
    }

    private void zombie(Recovery recovery) throws InterruptedException {
        String still = supervisor();
        List<Worker> stopped = cluster.workers(still);
        ProcessHandle supervisor = cluster.process(still).orElseThrow();
        long at = System.nanoTime();
        recovery.begins();
        Signal.STOP.to(supervisor);
        stopped.forEach(worker -> Signal.STOP.to(worker.process()));
        try {
            recovery.await();
            // Where these workers were not needed, it went on at once: they are zombies only later.
            Thread.sleep(Math.max(0, PAST_TIMEOUTS.toMillis() - (System.nanoTime() - at) / 1_000_000));
        } finally {
            stopped.forEach(worker -> Signal.CONT.to(worker.process()));
            Thread.sleep(AS_ZOMBIE.toMillis());
            Signal.CONT.to(supervisor);
        }
        await("the supervisor ends what was replaced")
                .atMost(PATIENCE)
                .until(() ->
                        stopped.stream().noneMatch(worker -> worker.process().isAlive()));
    }

    private void rebalance() {
        int workers = 1 + random.nextInt(3);
        Map<String, Integer> executors = Map.of("spout-tidemark-wiki", 1 + random.nextInt(2));
        insist(() -> cluster.topologies().rebalance(current, workers, executors));
    }

    private void redeploy() throws InterruptedException {
        killTopologies(List.of(current));
        submit();
    }

    /** Both versions run for a while, on the same stream. */
    private void upgrade(Recovery recovery) throws IOException, InterruptedException {
        String before = current;
        versions++;
        jar = JarOfAnotherVersion.of(StormCluster.builtJar(), folder, "0.1.0-chaos-" + versions);
        submit();
        recovery.begins();
        killTopologies(List.of(before));
    }

    private void killTopologies(List<String> names) {
        Duration wait = Duration.ofSeconds(random.nextInt(3));
        names.forEach(name -> insist(() -> cluster.topologies().kill(name, wait)));
    }

    /** Nimbus takes no commands for some seconds after it was killed: until its own place as leader has expired. */
    private static void insist(Runnable command) {
        await("Nimbus takes a command")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptionsInstanceOf(CommandFailedException.class)
                .until(() -> {
                    command.run();
                    return true;
                });
    }

    /** Under a new name. One that Nimbus took although it said no is ended. */
    private void submit() {
        List<String> sizes = List.of(
                "--workers",
                "2",
                "--emitters",
                Integer.toString(1 + random.nextInt(2)),
                "--parsers",
                Integer.toString(1 << random.nextInt(3)),
                "--batch-records",
                "2000",
                "--message-timeout",
                "5");
        int first = deployments + 1;
        await("Nimbus takes a topology")
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(CommandFailedException.class)
                .until(() -> {
                    deployments++;
                    List<String> options = new java.util.ArrayList<>(List.of("--name", "deployment-" + deployments));
                    options.addAll(sizes);
                    cluster.submit(jar, redis.address().uri(), options);
                    return true;
                });
        current = "deployment-" + deployments;
        if (deployments > first) {
            killTopologies(cluster.topologies().all().stream()
                    .map(TopologySummary::get_name)
                    .filter(name -> number(name) >= first && number(name) < deployments)
                    .toList());
        }
    }

    private static int number(String name) {
        return Integer.parseInt(name.substring("deployment-".length()));
    }

    @Override
    public String diagnosis() {
        return "logs: " + data.logs();
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public synchronized void close() {
        ended = true;
        if (cluster != null) {
            cluster.close();
        }
        if (redis != null) {
            redis.close();
        }
    }
}
