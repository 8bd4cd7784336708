package io.tidemark.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Thousands of schedules, the same ones at each run; {@link Chaos} runs others. */
class SimulationTest {
    private static final long SEED = Long.getLong("tidemark.seed", 1);
    private static final int SCHEDULES = Integer.getInteger("tidemark.schedules", 20_000);

    @Test
    void everyScheduleKeepsThePromise() {
        if (SCHEDULES == 1) {
            System.out.println(Simulation.run(SEED, Simulation.faultsOf(SEED), new Figures(), true));
            return;
        }
        long begin = System.nanoTime();
        Campaign campaign = Campaign.run(SEED, seed -> seed < SEED + SCHEDULES);
        System.out.println(Summary.of(campaign, (System.nanoTime() - begin) / 1_000_000));
        assertThat(campaign.failures()).isEmpty();
        assertThat(campaign.figures().of("schedules")).isEqualTo(SCHEDULES);
    }
}
