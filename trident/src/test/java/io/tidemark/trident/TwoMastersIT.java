package io.tidemark.trident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.query.Answers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.apache.storm.testing.InProcessZookeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two of Storm's MasterBatchCoordinators on one ZooKeeper: nothing there keeps the second one out, they plan and write the
 * same transactions over each other.
 */
class TwoMastersIT {
    private static final long SEED = Long.getLong("tidemark.seed", new Random().nextLong());
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int PARTITIONS = 2;
    private static final int EVENTS = Integer.getInteger("tidemark.quarrel.events", 3_000);
    private static final int ROUNDS = Integer.getInteger("tidemark.quarrel.rounds", 4);

    @TempDir
    static Path folder;

    @Test
    @SuppressWarnings("try") // Storm's ZooKeeper throws anything when it is closed
    void twoMastersOnOneZooKeeperGoOnAndCountExactly() throws Exception {
        System.out.println("TwoMastersIT: -Dtidemark.seed=" + SEED);
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("kafka"));
                InProcessZookeeper zooKeeper = new InProcessZookeeper();
                Rig rig = new Rig(broker, folder, "quarrel", PARTITIONS, SEED);
                Answers answers = new Answers(rig.address());
                DrivenTopology one = topology("one", rig, 200, zooKeeper);
                DrivenTopology two = topology("two", rig, 130, zooKeeper)) {
            one.start();
            secondsToCount(rig, List.of(one)); // warms up
            double alone = 0;
            for (int round = 0; round < ROUNDS; round++) {
                alone += secondsToCount(rig, List.of(one)) / ROUNDS;
            }
            two.start();
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(answers.status(""))
                            .contains("\"otherWriter\":{\"writer\":\"one\"", "\"coordinator\":{\"writer\":\"two\""));
            double quarrelling = 0;
            int before = one.applied();
            int rounds = 0;
            while (rounds < ROUNDS || rounds < 10 * ROUNDS && (one.applied() == before || two.applied() == 0)) {
                quarrelling += secondsToCount(rig, List.of(one, two));
                rounds++;
            }
            System.out.printf(
                    "%d times %d events at once, batches of 200 or 130: %.0f events/s with one master, %.0f with two on one"
                            + " ZooKeeper. %s. %s%n",
                    ROUNDS, EVENTS, EVENTS / alone, rounds * EVENTS / quarrelling, one, two);
            rig.assertExact();
            assertThat(List.of(one.applied() - before, two.applied()))
                    .as("both commit in turn")
                    .allMatch(commits -> commits > 0);

            // One of them stands still wherever it was, its rival goes on; then it is back with what it had begun.
            for (DrivenTopology zombie : List.of(one, two)) {
                zombie.standStill(true);
                rig.send(EVENTS / 4, PARTITIONS);
                rig.awaitDrained(SOON);
                zombie.standStill(false);
                rig.send(EVENTS / 4, PARTITIONS);
                rig.awaitDrained(SOON);
            }
            rig.assertExact();
            one.assertNoFault();
            two.assertNoFault();
        }
    }

    private static DrivenTopology topology(String name, Rig rig, int batch, InProcessZookeeper zooKeeper) {
        // Small batches of different sizes, so that there is something to quarrel about.
        TopologySettings settings = rig.settings().withBatches(2, batch, 100);
        return new DrivenTopology(name, rig.config(), settings, zooKeeper.getPort());
    }

    /** From when these go on until all has been counted that was sent while they stood still. */
    private static double secondsToCount(Rig rig, List<DrivenTopology> topologies) {
        topologies.forEach(topology -> topology.standStill(true));
        rig.send(EVENTS, PARTITIONS);
        long from = System.nanoTime();
        topologies.forEach(topology -> topology.standStill(false));
        rig.awaitDrained(SOON);
        topologies.forEach(DrivenTopology::assertNoFault);
        return (System.nanoTime() - from) / 1e9;
    }
}
