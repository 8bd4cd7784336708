package io.tidemark.app.cluster;

import static org.awaitility.Awaitility.await;

import io.tidemark.app.CommandFailedException;
import io.tidemark.app.Questions;
import io.tidemark.app.child.Workers.Worker;
import io.tidemark.app.service.DataFolder;
import io.tidemark.app.service.ServiceInfo.StreamInfo;
import io.tidemark.oracle.LabelBook;
import io.tidemark.oracle.WikipediaStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.apache.storm.generated.TopologySummary;
import redis.clients.jedis.HostAndPort;

/**
 * Breaks a cluster of processes again and again while events flow and questions are asked, then prints a table: each
 * fault, how often, how long until an event sent after it was counted and answered, and whether all counts and all
 * answers equal a recount. Arguments: minutes, and a seed that decides which faults come when. Ends with 1 when
 * something was wrong.
 */
public final class ClusterCampaign {
    private static final int PER_SECOND = 500;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration AS_ZOMBIE = Duration.ofSeconds(3);
    /** All of the cluster's time-outs together. */
    private static final Duration PAST_TIMEOUTS = Duration.ofSeconds(20);

    private static final Duration TO_LAUNCH = Duration.ofSeconds(40);
    private static final int LONGEST_PAUSE_MS = 5_000;

    private enum Fault {
        WORKER("worker killed"),
        SUPERVISOR("supervisor killed"),
        NIMBUS("Nimbus killed"),
        ZOOKEEPER("ZooKeeper killed"),
        WIPED("all of Storm's state wiped, submitted again"),
        BROKER("Kafka broker killed"),
        REDIS("Redis killed"),
        DRPC("DRPC server killed"),
        ZOMBIE("host stood still, came back as a zombie"),
        REBALANCE("rebalanced to other tasks"),
        REDEPLOY("killed, submitted under another name");

        private final String text;

        Fault(String text) {
            this.text = text;
        }
    }

    private final Random random;
    private final long seed;
    private final LabelBook labels = new LabelBook();
    private final Map<Fault, List<Double>> recoveries = new EnumMap<>(Fault.class);
    private final StormCluster cluster;
    private final LabelledFeed feed;
    private final Questions questions;
    private int deployments;

    private ClusterCampaign(StormCluster cluster, long seed) throws InterruptedException {
        this.cluster = cluster;
        this.seed = seed;
        this.random = new Random(seed);
        submit();
        this.feed = new LabelledFeed(cluster.info().kafka(), seed, PER_SECOND, labels);
        this.questions = new Questions(HostAndPort.from(cluster.info().drpc()).getPort());
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        double minutes = Double.parseDouble(args[0]);
        long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime() & 0xffff_ffffL;
        System.out.printf(Locale.ROOT, "%.1f minutes, seed %d%n", minutes, seed);
        Path folder = Files.createTempDirectory("tidemark-campaign");
        boolean well = false;
        try (StormCluster cluster = StormCluster.start(
                new DataFolder(folder.resolve("data")),
                new ClusterOptions(0, 0, 0, 4L << 30, 256, TO_LAUNCH),
                List.of(new StreamInfo("wiki", WikipediaStream.TOPIC)),
                System.out::println)) {
            Runtime.getRuntime().addShutdownHook(new Thread(cluster::close));
            cluster.awaitReady();
            well = new ClusterCampaign(cluster, seed).run(minutes);
        } catch (RuntimeException | AssertionError e) {
            // Other threads would keep this process alive.
            e.printStackTrace(System.out);
        }
        if (well) {
            DataFolder.remove(folder);
        } else {
            System.out.println("Kept for a look: " + folder);
        }
        System.exit(well ? 0 : 1);
    }

    private boolean run(double minutes) throws InterruptedException {
        awaitGoesOn();
        long until = System.nanoTime() + (long) (minutes * 60e9);
        List<Fault> bag = new ArrayList<>();
        while (System.nanoTime() < until) {
            if (bag.isEmpty()) {
                bag.addAll(List.of(Fault.values()));
                Collections.shuffle(bag, random);
            }
            Fault fault = bag.remove(bag.size() - 1);
            Thread.sleep(random.nextInt(LONGEST_PAUSE_MS));
            double seconds = inject(fault);
            recoveries.computeIfAbsent(fault, k -> new ArrayList<>()).add(seconds);
            System.out.printf(
                    Locale.ROOT, "%,12d events: %s, goes on after %.1f s%n", feed.sent(), fault.text, seconds);
        }
        feed.close();
        await("all is counted").atMost(PATIENCE).until(() -> questions.records() == feed.sent());
        questions.close();
        Judge.Sentence sentence = Judge.judge(cluster.info(), labels, questions, true);
        print(sentence);
        return sentence.wrong().isEmpty();
    }

    private void print(Judge.Sentence sentence) {
        System.out.println();
        System.out.println("| fault | times | median s | worst s |");
        System.out.println("|---|---|---|---|");
        recoveries.forEach((fault, seconds) -> {
            List<Double> sorted = seconds.stream().sorted().toList();
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %d | %.1f | %.1f |%n",
                    fault.text,
                    sorted.size(),
                    sorted.get(sorted.size() / 2),
                    sorted.get(sorted.size() - 1));
        });
        System.out.println();
        System.out.printf(
                Locale.ROOT,
                "seed %d: %,d events, %,d answers checked at %,d different cuts, %d mismatches; instead of answers: %s%n",
                seed,
                feed.sent(),
                sentence.answers(),
                sentence.cuts(),
                sentence.wrong().size(),
                questions.failures());
        sentence.wrong().stream().limit(10).forEach(System.out::println);
    }

    /** @return seconds until an event that was sent after the fault was counted and answered */
    private double inject(Fault fault) throws InterruptedException {
        long at = System.nanoTime();
        switch (fault) {
            case WORKER -> killWorker();
            case SUPERVISOR -> kill(supervisor());
            case NIMBUS -> kill("nimbus");
            case ZOOKEEPER -> kill("zookeeper");
            case BROKER -> kill("kafka");
            case REDIS -> kill("redis");
            case DRPC -> kill("drpc");
            case WIPED -> wipe();
            case ZOMBIE -> {
                return zombie();
            }
            case REBALANCE -> rebalance();
            case REDEPLOY -> redeploy();
            default -> throw new IllegalStateException("no such fault: " + fault);
        }
        awaitGoesOn();
        return (System.nanoTime() - at) / 1e9;
    }

    private String supervisor() {
        return "supervisor-" + (1 + random.nextInt(2));
    }

    private void kill(String daemon) {
        cluster.process(daemon).ifPresent(ProcessHandle::destroyForcibly);
    }

    private void killWorker() {
        List<Worker> workers = cluster.workers();
        if (!workers.isEmpty()) {
            workers.get(random.nextInt(workers.size())).process().destroyForcibly();
        }
    }

    /** Nothing that counts lies there; that the topology is to run does, so it is submitted again. */
    private void wipe() throws InterruptedException {
        List<String> storm = List.of("supervisor-2", "supervisor-1", "nimbus", "zookeeper");
        storm.forEach(cluster::stop);
        cluster.wipe();
        List<String> reversed = new ArrayList<>(storm);
        Collections.reverse(reversed);
        reversed.forEach(cluster::start);
        cluster.awaitReady();
        submit();
    }

    private double zombie() throws InterruptedException {
        String still = supervisor();
        List<Worker> stopped = cluster.workers(still);
        ProcessHandle supervisor = cluster.process(still).orElseThrow();
        long at = System.nanoTime();
        Signal.STOP.to(supervisor);
        stopped.forEach(worker -> Signal.STOP.to(worker.process()));
        awaitGoesOn();
        double seconds = (System.nanoTime() - at) / 1e9;
        // Where these workers were not needed, it went on at once: they are zombies only later.
        Thread.sleep(Math.max(0, PAST_TIMEOUTS.toMillis() - (long) (seconds * 1000)));
        stopped.forEach(worker -> Signal.CONT.to(worker.process()));
        Thread.sleep(AS_ZOMBIE.toMillis());
        Signal.CONT.to(supervisor);
        await("the supervisor ends what was replaced")
                .atMost(PATIENCE)
                .until(() ->
                        stopped.stream().noneMatch(worker -> worker.process().isAlive()));
        awaitGoesOn();
        return seconds;
    }

    private void rebalance() {
        int workers = 1 + random.nextInt(3);
        Map<String, Integer> executors = Map.of("spout-tidemark-wiki", 1 + random.nextInt(2));
        insist(() -> cluster.topologies().rebalance(running(), workers, executors));
    }

    private void redeploy() throws InterruptedException {
        Duration wait = Duration.ofSeconds(random.nextInt(3));
        insist(() -> cluster.topologies().kill(running(), wait));
        submit();
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

    private String running() {
        return await("a topology that runs")
                .atMost(PATIENCE)
                .until(
                        () -> cluster.topologies().all().stream()
                                .filter(each -> each.get_status().equals("ACTIVE"))
                                .map(TopologySummary::get_name)
                                .findFirst()
                                .orElse(""),
                        name -> !name.isEmpty());
    }

    private void submit() throws InterruptedException {
        deployments++;
        List<String> options = List.of(
                "--name",
                "deployment-" + deployments,
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
        await("Nimbus takes a topology")
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(CommandFailedException.class)
                .until(() -> !cluster.submit(options).isEmpty());
    }

    private void awaitGoesOn() {
        long from = feed.sent();
        await("goes on").atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> questions.records() > from);
    }
}
