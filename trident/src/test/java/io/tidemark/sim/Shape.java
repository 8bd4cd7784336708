package io.tidemark.sim;

import java.util.random.RandomGenerator;

/** How many there are of what in a topology. */
record Shape(int workers, int pending, int emitters, int counters, int states, int batchRecords, int chunkRecords) {
    /** With one batch in flight. */
    Shape alone() {
        return new Shape(workers, 1, emitters, counters, states, batchRecords, chunkRecords);
    }

    static Shape random(RandomGenerator random) {
        return new Shape(
                1 + random.nextInt(2),
                1 + random.nextInt(5),
                1 + random.nextInt(3),
                1 + random.nextInt(3),
                1 + random.nextInt(2),
                4 + random.nextInt(40),
                1 + random.nextInt(8));
    }
}
