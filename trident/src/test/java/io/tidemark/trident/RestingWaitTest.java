package io.tidemark.trident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RestingWaitTest {
    private static final long HOUR = TimeUnit.HOURS.toNanos(1);

    private final AtomicLong clock = new AtomicLong();

    @Test
    void whoRestsIsWoken() throws InterruptedException {
        RestingWait wait = new RestingWait(clock::get, HOUR);
        wait.idle(0);
        clock.set(TimeUnit.SECONDS.toNanos(5));
        Thread resting = new Thread(() -> rest(wait), "resting");
        resting.setDaemon(true);
        resting.start();
        Awaitility.await().until(() -> resting.getState() == Thread.State.TIMED_WAITING);
        RestingWait.wake();
        resting.join(Duration.ofSeconds(60).toMillis());
        assertThat(resting.isAlive()).isFalse();
    }

    @Test
    void whoWasWokenBeforeItRestsDoesNot() throws InterruptedException {
        long[] times = {0, TimeUnit.SECONDS.toNanos(5)};
        int[] asked = {0};
        RestingWait wait = new RestingWait(
                () -> {
                    if (asked[0] == 1) {
                        RestingWait.wake(); // just before this thread decides to rest
                    }
                    return times[Math.min(1, asked[0]++)];
                },
                HOUR);
        wait.idle(0);
        wait.idle(1); // an hour, if it rested
        assertThat(asked[0]).isEqualTo(2);
    }

    @Test
    void looksBecomeRarerTheLongerNothingComes() {
        assertThat(RestingWait.pause(0)).isLessThanOrEqualTo(TimeUnit.MICROSECONDS.toNanos(50));
        assertThat(RestingWait.pause(TimeUnit.MILLISECONDS.toNanos(50))).isBetween(100_000L, 500_000L);
        assertThat(RestingWait.pause(TimeUnit.MILLISECONDS.toNanos(900))).isEqualTo(1_000_000L);
    }

    @Test
    void whoIsToldToEndEnds() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> new RestingWait().idle(1)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    private static void rest(RestingWait wait) {
        try {
            wait.idle(1);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
