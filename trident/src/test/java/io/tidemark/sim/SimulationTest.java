package io.tidemark.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Thousands of schedules, the same ones at each run; {@link Chaos} runs others. */
class SimulationTest {
    private static final long SEED = Long.getLong("tidemark.seed", 1);
    private static final int SCHEDULES = Integer.getInteger("tidemark.schedules", 20_000);
    private static final int SHARDS = Integer.getInteger("tidemark.shards", 0);

    @Test
    void everyScheduleKeepsThePromise() {
        keepThePromise(1, SCHEDULES);
    }

    @Test
    void everyScheduleOfTwoShardsKeepsThePromise() {
        keepThePromise(2, SCHEDULES == 1 || SHARDS == 2 ? SCHEDULES : SCHEDULES / 16);
    }

    private static void keepThePromise(int shards, int schedules) {
        if (SHARDS != 0 && SHARDS != shards) {
            return;
        }
        if (schedules == 1) {
            System.out.println(Simulation.run(SEED, shards, Simulation.faultsOf(SEED, shards), new Figures(), true));
            return;
        }
        long begin = System.nanoTime();
        Campaign campaign = Campaign.run(SEED, shards, seed -> seed < SEED + schedules);
        System.out.println(Summary.of(campaign, (System.nanoTime() - begin) / 1_000_000));
        assertThat(campaign.failures()).isEmpty();
        assertThat(campaign.figures().of("schedules")).isEqualTo(schedules);
    }
}
