package io.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.app.cluster.Judge;
import io.tidemark.app.service.ServiceInfo;
import io.tidemark.oracle.LabelBook;
import io.tidemark.oracle.LabelledEvent;
import io.tidemark.oracle.LabelledEvents;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.HostAndPort;

/**
 * The real service, killed with -9 again and again while events flow and questions are asked: in the end every count in
 * Redis is what a recount of the topic gives, and so was every answer, at the offsets that it stated.
 */
class KillNineFaultIT {
    private static final int EVENTS = 210_000;
    private static final int KILLS = 5;
    private static final int ANSWERS = 10_000;
    private static final int CUTS = 30;

    /** So many lines every five milliseconds. */
    private static final int AT_ONCE = 60;

    private static final double BAD = 0.01;
    private static final Duration TO_COUNT = Duration.ofSeconds(30);
    private static final Duration TO_ANSWER = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    private final long seed = Long.getLong("tidemark.seed", System.nanoTime() & 0xffff_ffffL);
    private final Random random = new Random(seed);
    private final long began = System.nanoTime();
    private final LabelBook labels = new LabelBook();

    @Test
    void everyCountAndEveryAnswerEqualsTheRecountWhateverIsKilled() throws IOException, InterruptedException {
        say("replay with -Dtidemark.seed=" + seed);
        Path events = writeEvents();
        try (ServiceProcess service = ServiceProcess.start(folder.resolve("data"))) {
            service.awaitAnswer();
            int drpcPort = HostAndPort.from(service.info().drpc()).getPort();
            try (Questions questions = new Questions(drpcPort);
                    RedisReaders readers = new RedisReaders(service.info().redisAddress())) {
                feedAndKill(service, questions, readers, events);
                await().atMost(TO_ANSWER)
                        .pollInterval(Duration.ofMillis(100))
                        .failFast(() -> assertThat(service.handle().isAlive()).isTrue())
                        .until(() -> questions.records() == EVENTS);
                questions.stop();
                readers.stop();
                judge(service.info(), questions, readers);
            }
        }
    }

    /** A file of events, spread over more time than the minutes are kept. */
    private Path writeEvents() throws IOException {
        LabelledEvents events = new LabelledEvents(seed, Instant.now(), Duration.ofHours(49), EVENTS, BAD);
        Path file = folder.resolve("events.ndjson");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            for (int i = 0; i < EVENTS; i++) {
                LabelledEvent event = events.nextLine();
                labels.sent(event);
                out.write(event.bytes());
                out.write('\n');
            }
        }
        return file;
    }

    private void feedAndKill(ServiceProcess service, Questions questions, RedisReaders readers, Path events)
            throws IOException, InterruptedException {
        Path said = folder.resolve("feed.log");
        Process feed = ServiceProcess.command(
                        "feed", "-", "--kafka", service.info().kafka(), "--record-time", "/meta/dt")
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            Semaphore lines = new Semaphore(0);
            AtomicReference<IOException> failure = new AtomicReference<>();
            Thread writer = new Thread(() -> pour(events, lines, feed, failure), "lines");
            writer.start();
            for (int kill = 1; kill <= KILLS; kill++) {
                killWhileItCounts(service, questions, readers, lines, ANSWERS / (KILLS + 1) * kill);
                service.startAgain();
                service.awaitAnswer();
            }
            lines.release(EVENTS);
            writer.join(TO_ANSWER.toMillis());
            assertThat(failure.get()).isNull();
            assertThat(feed.waitFor(60, TimeUnit.SECONDS)).as("the feed ends").isTrue();
            assertThat(feed.exitValue())
                    .as("the feed's exit code; it said: %s", Files.readString(said))
                    .isZero();
        } finally {
            feed.destroyForcibly();
        }
    }

    /** Lets lines through to the feed as they are released. */
    private static void pour(Path events, Semaphore lines, Process feed, AtomicReference<IOException> failure) {
        try (OutputStream out = new BufferedOutputStream(feed.getOutputStream(), 1 << 16);
                var in = Files.newInputStream(events)) {
            byte[] buffer = in.readAllBytes();
            int from = 0;
            for (int at = 0; at < buffer.length; at++) {
                if (buffer[at] == '\n') {
                    if (!lines.tryAcquire()) {
                        out.flush();
                        lines.acquireUninterruptibly();
                    }
                    out.write(buffer, from, at + 1 - from);
                    from = at + 1;
                }
            }
        } catch (IOException e) {
            failure.set(e);
        }
    }

    /**
     * Lets a share of the lines through, not all at once, so that there are many cuts; and kills in between.
     *
     * @param answers that the readers must have by then
     */
    private void killWhileItCounts(
            ServiceProcess service, Questions questions, RedisReaders readers, Semaphore lines, int answers)
            throws InterruptedException {
        int share = EVENTS / (KILLS + 1);
        long before = questions.records();
        long enough = before + (long) (share * random.nextDouble());
        long deadline = System.nanoTime() + TO_COUNT.toNanos();
        int left = share;
        while (System.nanoTime() < deadline && (questions.records() <= enough || readers.answered() < answers)) {
            // The rest only when it counts again, or it would all come at once.
            if (left == share || questions.records() > before) {
                lines.release(Math.min(left, AT_ONCE));
                left -= Math.min(left, AT_ONCE);
            }
            Thread.sleep(5);
        }
        lines.release(left);
        Thread.sleep(random.nextInt(40));
        say("killed at " + questions.records() + " records, " + (questions.records() - before)
                + " of them since the last start; " + readers.answered() + " answers from Redis");
        kill(service);
        Thread.sleep(random.nextInt(300));
    }

    /** All processes of the service, in any order, until none is left. */
    private void kill(ServiceProcess service) throws InterruptedException {
        List<ProcessHandle> all = all(service);
        while (!all.isEmpty()) {
            Collections.shuffle(all, random);
            all.forEach(ProcessHandle::destroyForcibly);
            Thread.sleep(5);
            all = all(service);
        }
    }

    private static List<ProcessHandle> all(ServiceProcess service) {
        Set<ProcessHandle> all = new HashSet<>(service.processesOfFolder());
        all.addAll(service.children());
        all.add(service.handle());
        all.removeIf(process -> !process.isAlive());
        return new ArrayList<>(all);
    }

    private void judge(ServiceInfo info, Questions questions, RedisReaders readers) {
        List<List<Questions.Answered>> askers = new ArrayList<>(readers.answers());
        askers.add(questions.answers());
        Judge.Sentence sentence = Judge.judge(info, labels, askers, false);
        say(sentence.answers() + " answers at " + sentence.cuts() + " different cuts; instead of one: "
                + questions.failures() + " over DRPC, " + readers.failures() + " from Redis");
        assertThat(sentence.wrong().stream().limit(5))
                .as(
                        "seed %d: %d wrong counts or answers",
                        seed, sentence.wrong().size())
                .isEmpty();
        assertThat(questions.failures()).doesNotContainKey("answer: inconsistent");
        assertThat(readers.failures()).containsOnlyKeys("store-unavailable");
        assertThat(sentence.answers()).isGreaterThan(ANSWERS);
        assertThat(sentence.cuts()).as("different cuts that were seen").isGreaterThan(CUTS);
    }

    private void say(String line) {
        System.out.printf(Locale.ROOT, "KillNineFaultIT %5.1f s: %s%n", (System.nanoTime() - began) / 1e9, line);
    }
}
