package io.tidemark.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PlanTextTest {
    @Test
    void aPlanIsReadAsItWasWritten() {
        long far = Long.MAX_VALUE - 1;
        Plan plan = new Plan(
                "wiki",
                "Q2-x_\"quoted\"",
                "abc",
                "0f",
                new TreeMap<>(Map.of(0, 0L, 11, far)),
                new TreeMap<>(Map.of(0, new Range(0, 3, 4), 11, new Range(11, far, Long.MAX_VALUE))),
                new TreeMap<>(Map.of(0, 12)));
        assertThat(PlanText.read(PlanText.write(plan))).contains(plan);
    }

    @Test
    void whatIsNoPlanIsNone() {
        assertThat(PlanText.read(null)).isEmpty();
        assertThat(PlanText.read("")).isEmpty();
        assertThat(PlanText.read("7")).isEmpty();
        assertThat(PlanText.read("{\"offset\": 3}")).isEmpty();
        assertThat(PlanText.read("{\"start\":{},\"ranges\":{\"0\":[5,5]},\"epochs\":{}}"))
                .isEmpty();
        assertThat(PlanText.read("{\"start\":{\"x\":1},\"ranges\":{},\"epochs\":{}}"))
                .isEmpty();
    }
}
