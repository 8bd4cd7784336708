package io.tidemark.sim;

import org.junit.jupiter.api.Test;

class SimulationTest {
    @Test
    void everyScheduleKeepsThePromise() {
        String text = Campaign.run(Long.getLong("tidemark.seed", 1), Integer.getInteger("tidemark.schedules", 200));
        System.out.println(text);
    }
}
