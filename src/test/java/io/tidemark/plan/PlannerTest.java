package io.tidemark.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PlannerTest {
    @Test
    void aPlanOfManyPartitionsIsNoMoreThanACommitTakesAndEveryOneHasItsTurn() {
        SortedMap<Integer, Long> at = new TreeMap<>();
        SortedMap<Integer, Long> ends = new TreeMap<>();
        for (int partition = 0; partition < 2_000; partition++) {
            at.put(partition, 0L);
            ends.put(partition, 1L + partition % 7);
        }
        int plans = 0;
        while (!at.equals(ends)) {
            SortedMap<Integer, Range> ranges = Planner.ranges(at, ends, 3_000);
            assertThat(ranges).hasSizeBetween(1, Plan.MOST_RANGES);
            ranges.forEach((partition, range) -> at.put(partition, range.end()));
            assertThat(++plans).isLessThan(20);
        }
        assertThat(plans).isGreaterThan(2);
    }
}
