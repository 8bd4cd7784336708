package io.tidemark.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.app.Listening;
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
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.HostAndPort;

/**
 * The topology's jar on a cluster of real processes, with two workers, while workers are killed, stopped and come back
 * beside their replacements, and the topology is deployed anew with other tasks: in the end every count in Redis is what
 * a recount of the topic gives, and so was every answer, at the offsets that it stated.
 */
class ClusterFaultIT {
    private static final int PER_SECOND = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration TO_LAUNCH = Duration.ofSeconds(40);
    private static final Duration AS_ZOMBIE = Duration.ofSeconds(3);

    @TempDir
    Path folder;

    private final long seed = Long.getLong("tidemark.seed", System.nanoTime() & 0xffff_ffffL);
    private final long began = System.nanoTime();
    private final LabelBook labels = new LabelBook();
    private StormCluster cluster;
    private LabelledFeed feed;
    private Questions questions;

    @Test
    void everyCountAndEveryAnswerEqualsTheRecountWhateverTheClusterGoesThrough() throws Exception {
        say("replay with -Dtidemark.seed=" + seed);
        List<ProcessHandle> all = new ArrayList<>();
        List<StreamInfo> streams = List.of(new StreamInfo("wiki", WikipediaStream.TOPIC));
        try (StormCluster started = StormCluster.start(
                new DataFolder(folder.resolve("data")),
                new ClusterOptions(0, 0, 0, 1L << 30, 256, TO_LAUNCH),
                streams,
                ClusterFaultIT::noted)) {
            cluster = started;
            cluster.awaitReady();
            say("the daemons are up");
            submit("first", 2, 2);
            int drpc = HostAndPort.from(cluster.info().drpc()).getPort();
            try (LabelledFeed feeding = new LabelledFeed(cluster.info().kafka(), seed, PER_SECOND, labels::sent);
                    Questions asking = new Questions(drpc)) {
                feed = feeding;
                questions = asking;
                awaitGoesOn("submitted");
                all.addAll(processes());
                assertThat(Listening.of(daemons())).isNotEmpty().allMatch(Listening::isLoopback);
                killWorker();
                restartDrpc();
                zombie();
                redeploy();
                all.addAll(processes());
                feed.close();
                await("all is counted").atMost(PATIENCE).until(() -> questions.records() == feed.sent());
                questions.stop();
                assertThat(workerLogs())
                        .isNotEmpty()
                        .noneMatch(
                                line -> line.contains("ClassNotFoundException") || line.contains("NoSuchMethodError"));
                Judge.Sentence sentence = Judge.judge(cluster.info(), labels, questions, false);
                say(sentence.answers() + " answers at " + sentence.cuts() + " different cuts, " + feed.sent()
                        + " events; instead of answers: " + questions.failures());
                assertThat(sentence.wrong().stream().limit(5))
                        .as("seed %d: %d mistakes", seed, sentence.wrong().size())
                        .isEmpty();
                assertThat(sentence.cuts()).isGreaterThan(50);
                assertThat(questions.failures()).doesNotContainKey("answer: inconsistent");
            }
        }
        say("stopped");
        assertThat(all).hasSizeGreaterThan(10).noneMatch(ProcessHandle::isAlive);
        assertThat(ProcessHandle.allProcesses()
                        .filter(each -> each.info().commandLine().orElse("").contains(folder.toString())))
                .as("processes that are left")
                .isEmpty();
    }

    private void submit(String name, int emitters, int parsers) throws InterruptedException {
        cluster.submit(List.of(
                "--name",
                name,
                "--workers",
                "2",
                "--emitters",
                Integer.toString(emitters),
                "--parsers",
                Integer.toString(parsers),
                "--batch-records",
                "2000",
                "--message-timeout",
                "5"));
    }

    private void killWorker() {
        Worker worker = cluster.workers().get((int) (seed % 2));
        worker.process().destroyForcibly();
        awaitReplaced(worker, cluster::workers);
        awaitGoesOn("a worker was killed");
    }

    private void restartDrpc() {
        cluster.process("drpc").orElseThrow().destroyForcibly();
        awaitGoesOn("the DRPC server was killed");
    }

    /** A host that stands still longer than the cluster waits for it, and goes on beside the one that took its place. */
    private void zombie() throws InterruptedException {
        String still = "supervisor-" + (1 + seed / 2 % 2);
        String other = still.endsWith("1") ? "supervisor-2" : "supervisor-1";
        List<Worker> stopped = cluster.workers(still);
        assertThat(stopped).as("workers of %s", still).isNotEmpty();
        ProcessHandle supervisor = cluster.process(still).orElseThrow();
        Signal.STOP.to(supervisor);
        stopped.forEach(worker -> Signal.STOP.to(worker.process()));
        await("a replacement")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> cluster.workers(other).size() > 1);
        awaitGoesOn(still + " stood still with its workers");
        stopped.forEach(worker -> Signal.CONT.to(worker.process()));
        long before = questions.records();
        Thread.sleep(AS_ZOMBIE.toMillis());
        assertThat(stopped)
                .as("workers that were replaced and live on")
                .allMatch(worker -> worker.process().isAlive());
        await("counting beside a zombie").atMost(PATIENCE).until(() -> questions.records() > before);
        Signal.CONT.to(supervisor);
        await("the supervisor ends what was replaced")
                .atMost(PATIENCE)
                .until(() ->
                        stopped.stream().noneMatch(worker -> worker.process().isAlive()));
        awaitGoesOn("it came back");
    }

    private void redeploy() throws InterruptedException {
        cluster.topologies().kill("first", Duration.ofSeconds(1));
        submit("second", 1, 3);
        await("the second topology alone")
                .atMost(PATIENCE)
                .until(() -> !cluster.workers().isEmpty()
                        && cluster.workers().stream()
                                .allMatch(worker -> worker.topology().startsWith("second-")));
        awaitGoesOn("another topology took over");
    }

    private void awaitReplaced(Worker worker, Callable<List<Worker>> now) {
        await("a replacement of " + worker)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> now.call().stream()
                                .filter(each ->
                                        each.process().pid() != worker.process().pid())
                                .count()
                        > 1);
    }

    /** Waits until what is sent from now on is counted and answered. */
    private void awaitGoesOn(String after) {
        long from = feed.sent();
        long at = System.nanoTime();
        await(after).atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> questions.records() > from);
        say("%s: goes on after %.1f s".formatted(after, (System.nanoTime() - at) / 1e9));
    }

    private List<ProcessHandle> daemons() {
        return cluster.daemons().stream()
                .flatMap(name -> cluster.process(name).stream())
                .toList();
    }

    private List<ProcessHandle> processes() throws IOException {
        List<ProcessHandle> all = new ArrayList<>(daemons());
        cluster.workers().forEach(worker -> all.add(worker.process()));
        return all;
    }

    private List<String> workerLogs() throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder.resolve("data").resolve("logs"))) {
            for (Path file : files.filter(each -> each.endsWith("worker.log")).toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }

    private static void noted(String line) {
        System.out.println(line);
    }

    private void say(String line) {
        System.out.printf(Locale.ROOT, "ClusterFaultIT %5.1f s: %s%n", (System.nanoTime() - began) / 1e9, line);
    }
}
