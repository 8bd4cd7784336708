package io.tidemark.app.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
    @Test
    void saysBelowWhichLineAllAreIn() {
        Arrivals arrivals = new Arrivals();
        arrivals.arrived(1);
        arrivals.arrived(2);
        assertThat(arrivals.allBelow()).isZero();
        arrivals.arrived(0);
        assertThat(arrivals.allBelow()).isEqualTo(3);
        arrivals.arrived(4);
        assertThat(arrivals.allBelow()).isEqualTo(3);
        assertThat(arrivals.count()).isEqualTo(4);
    }

    @Test
    void holdsForManyLinesInAlmostAnyOrder() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Arrivals arrivals = new Arrivals();
        int block = 1 << 17;
        for (int first = 0; first < 20 * block; first += block) {
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < block; i++) {
                order.add(first + i);
            }
            Collections.shuffle(order, random);
            order.forEach(arrivals::arrived);
            assertThat(arrivals.allBelow()).as("seed %d", seed).isEqualTo(first + block);
        }
        assertThat(arrivals.count()).isEqualTo(20L * block);
    }
}
