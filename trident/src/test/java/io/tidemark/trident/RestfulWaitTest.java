package io.tidemark.trident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RestfulWaitTest {
    @Test
    void itIsAttentiveForAboutASecondAndThenRests() {
        long waited = 0;
        int counter = 0;
        while (RestfulWait.pause(counter) < 5_000_000) {
            waited += RestfulWait.pause(counter);
            counter++;
        }
        assertThat(waited / 1_000_000).isBetween(800L, 1_200L);
        assertThat(RestfulWait.pause(0)).isZero();
    }

    @Test
    void theCounterStopsWhereItRests() throws InterruptedException {
        RestfulWait wait = new RestfulWait();
        assertThat(wait.idle(0)).isEqualTo(1);
        int rest = wait.idle(1_000_000);
        assertThat(wait.idle(rest)).isEqualTo(rest);
        assertThat(RestfulWait.pause(rest)).isEqualTo(5_000_000);
    }

    @Test
    void whoIsToldToEndEnds() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> new RestfulWait().idle(1_000_000)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }
}
