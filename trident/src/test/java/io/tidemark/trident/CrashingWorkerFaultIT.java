package io.tidemark.trident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.plan.Marks;
import io.tidemark.plan.Range;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker is killed, and its successors as soon as they have committed once, with many batches in flight. */
class CrashingWorkerFaultIT {
    private static final long SEED = Long.getLong("tidemark.seed", new Random().nextLong());
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final Duration LOOK = Duration.ofMillis(5);
    private static final int PARTITIONS = 16;
    private static final int CRASHES = 4;

    @TempDir
    Path folder;

    /** What Trident remembers of its batches is kept; the marks say where each partition goes on all the same. */
    @Test
    void c03CrashesShortlyAfterEachOtherWithManyBatchesInFlightReadNoPartitionFromItsStart() {
        System.out.println("CrashingWorkerFaultIT: -Dtidemark.seed=" + SEED);
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("kafka"));
                TransactionalZooKeeper zookeeper = new TransactionalZooKeeper(folder.resolve("zookeeper"));
                Rig rig = new Rig(broker, folder, "crashing", PARTITIONS, SEED)) {
            rig.send(8_000, PARTITIONS);
            AtomicBoolean over = new AtomicBoolean();
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                while (!over.get()) {
                    rig.send(160, PARTITIONS);
                    LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
                }
            });
            int mostInFlight = 0;
            for (int life = 1; life <= CRASHES; life++) {
                mostInFlight = Math.max(mostInFlight, crash(rig, zookeeper, life));
            }
            over.set(true);
            sending.join();
            try (WorkerProcess last = WorkerProcess.start(folder, CRASHES + 1, rig, zookeeper)) {
                SortedMap<Integer, Long> marks = marks(rig);
                rig.awaitDrained(SOON);
                rig.assertExact();
                assertGoesOnFrom(marks, last);
            }
            assertThat(mostInFlight).as("batches in flight at a crash").isGreaterThan(5);
        }
    }

    /** The first one after some commits, the others right after their first. @return batches that were in flight */
    private int crash(Rig rig, TransactionalZooKeeper zookeeper, int life) {
        SortedMap<Integer, Long> before = marks(rig);
        long commits = commits(rig);
        long enough = commits + (life == 1 ? 20 : 1);
        try (WorkerProcess worker = WorkerProcess.start(folder, life, rig, zookeeper)) {
            await().atMost(SOON)
                    .pollDelay(LOOK)
                    .pollInterval(LOOK)
                    .failFast(() ->
                            assertThat(worker.isAlive()).as(worker.output()).isTrue())
                    .until(() -> commits(rig) >= enough);
            worker.kill();
            assertGoesOnFrom(before, worker);
            SortedMap<Integer, Long> after = marks(rig);
            long inFlight = worker.reads().stream()
                    .filter(read -> read.partition() == 0 && read.first() >= after.getOrDefault(0, 0L))
                    .distinct()
                    .count();
            System.out.printf(
                    "life %d: %d commits, %d batches in flight when it was killed%n",
                    life, commits(rig) - commits, inFlight);
            return (int) inFlight;
        }
    }

    private static void assertGoesOnFrom(SortedMap<Integer, Long> marks, WorkerProcess worker) {
        List<Range> reads = worker.reads();
        assertThat(reads.stream().map(Range::partition).distinct()).hasSize(PARTITIONS);
        assertThat(reads)
                .allSatisfy(read ->
                        assertThat(read.first()).isGreaterThanOrEqualTo(marks.getOrDefault(read.partition(), 0L)));
    }

    private static SortedMap<Integer, Long> marks(Rig rig) {
        return rig.store().marks().map(Marks::next).orElseGet(TreeMap::new);
    }

    private static long commits(Rig rig) {
        String version = rig.client().hget("tidemark:{wiki}", "version");
        return version == null ? 0 : Long.parseLong(version);
    }
}
