package io.tidemark.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.stream.StreamConfig;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The coordinator under a scheduler that numbers, pipelines, fails, forgets and restarts as Trident does, beside rivals
 * and a store that loses its last commits: it never plans beyond the log, and it always drains.
 */
class PlanningPropertyTest {
    private static final int SCHEDULES = Integer.getInteger("tidemark.schedules", 3_000);
    private static final int STEPS = 60;

    @Test
    void everyScheduleDrainsWithinAFewBatches() {
        long base = Long.getLong("tidemark.seed", new Random().nextLong());
        for (int i = 0; i < SCHEDULES; i++) {
            long seed = base + i;
            try {
                new Schedule(seed).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": -Dtidemark.seed=" + seed, e);
            }
        }
    }

    private static final class Schedule {
        private final Random random;
        private final PlanningWorld world = new PlanningWorld();
        private final TreeMap<Long, Plan> kept = new TreeMap<>();
        private final TreeMap<Long, Plan> active = new TreeMap<>();
        private final TreeMap<Long, SortedMap<Integer, Long>> history = new TreeMap<>();
        private final int pending;
        private Coordinator coordinator;
        private long current = 1;
        private int failures;

        Schedule(long seed) {
            random = new Random(seed);
            pending = 1 + random.nextInt(5);
            int partitions = 1 + random.nextInt(4);
            for (int p = 0; p < partitions; p++) {
                world.first.put(p, 0L);
                world.ends.put(p, (long) random.nextInt(50));
            }
            restart();
        }

        void run() {
            for (int i = 0; i < STEPS; i++) {
                step();
            }
            failures = 0;
            int batches = 0;
            while (!drained()) {
                assertThat(batches++)
                        .as("batches to drain %s up to %s", world.marks, world.ends)
                        .isLessThan(60);
                fill();
                commit(true);
            }
            // Those in flight when the trouble ended; and two more until what was committed and then lost is given up.
            assertThat(failures).isLessThanOrEqualTo(pending + 2);
        }

        private void step() {
            switch (random.nextInt(14)) {
                case 0, 1, 2 -> produce();
                case 3, 4, 5 -> fill();
                case 6, 7, 8 -> commit(random.nextInt(8) != 0);
                case 9 -> active.tailMap(current + random.nextInt(pending)).clear();
                case 10 -> rival();
                case 11 -> fallBack();
                case 12 -> restart();
                default -> loseCoordination();
            }
            world.now += random.nextInt(700);
        }

        private void produce() {
            if (random.nextInt(10) == 0) {
                world.first.put(world.ends.size(), 0L);
                world.ends.put(world.ends.size(), 0L);
            }
            world.ends.replaceAll((partition, end) -> end + (random.nextBoolean() ? random.nextInt(40) : 0));
        }

        private void fill() {
            for (long tx = current; tx < current + pending; tx++) {
                if (!active.containsKey(tx)) {
                    plan(tx);
                }
            }
        }

        private void plan(long tx) {
            Map.Entry<Long, Plan> before = kept.lowerEntry(tx);
            Plan plan = coordinator.plan(
                    tx, Optional.ofNullable(before).map(Map.Entry::getValue), Optional.ofNullable(kept.get(tx)));
            for (Range range : plan.ranges().values()) {
                assertThat(range.end()).isLessThanOrEqualTo(world.ends.get(range.partition()));
            }
            kept.put(tx, plan);
            active.put(tx, plan);
        }

        private void commit(boolean heard) {
            if (!active.containsKey(current)) {
                return;
            }
            if (world.commit(active.get(current))) {
                remember();
                if (!heard) {
                    active.tailMap(current).clear();
                    return;
                }
                active.remove(current);
                if (random.nextInt(8) != 0) {
                    coordinator.succeeded(current);
                    kept.headMap(current).clear();
                }
                current++;
            } else {
                failures++;
                active.tailMap(current).clear();
            }
        }

        private void rival() {
            if (world.marks == null) {
                return;
            }
            SortedMap<Integer, Range> ranges = Planner.ranges(world.marks.next(), world.ends, 1 + random.nextInt(60));
            world.commit(new Plan(
                    "wiki",
                    world.topicId,
                    "fingerprint-1",
                    world.marks.storeId(),
                    world.marks.start(),
                    ranges,
                    new TreeMap<>()));
            remember();
        }

        private void remember() {
            history.put(world.marks.version(), world.marks.next());
        }

        private void fallBack() {
            if (random.nextInt(4) == 0) {
                world.marks = null;
                history.clear();
            } else if (!history.isEmpty()) {
                Long[] versions = history.keySet().toArray(Long[]::new);
                world.setMarks(history.get(versions[random.nextInt(versions.length)]));
            }
        }

        private void restart() {
            coordinator = new Coordinator(
                    PlanningWorld.config(StreamConfig.StartAt.EARLIEST),
                    world,
                    world,
                    () -> world.now,
                    random,
                    new BatchSize(40));
            active.clear();
        }

        private void loseCoordination() {
            restart();
            if (random.nextBoolean()) {
                kept.clear();
                current = 1;
            } else {
                current = Math.max(1, current - random.nextInt(3));
            }
        }

        private boolean drained() {
            return world.marks != null
                    && world.ends.entrySet().stream().allMatch(end -> world.marks.of(end.getKey()) == end.getValue());
        }
    }
}
