package io.tidemark.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamFeedTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger version = new AtomicInteger();
    private final StreamFeed feed = new StreamFeed(
            "wiki", stream -> answer(), from -> {}, executor, new ReaderFigures(), Duration.ofMinutes(1));

    @AfterEach
    void end() {
        executor.shutdownNow();
    }

    private String answer() {
        reads.incrementAndGet();
        return "{\"stream\":\"wiki\",\"query\":\"\",\"cut\":{\"start\":{\"0\":0},\"offsets\":{\"0\":" + version
                + "},\"version\":" + version + "},\"accounts\":{},\"counts\":{},\"labels\":{}}";
    }

    private void commitAndLook() {
        version.incrementAndGet();
        int before = reads.get();
        await().atMost(SOON).until(() -> {
            feed.tick(Duration.ZERO, Duration.ofMinutes(1));
            return reads.get() > before;
        });
    }

    @Test
    void commitsThatWereOnlyFoundByLookingSayThatNobodyTells() {
        for (int i = 0; i < 6; i++) {
            commitAndLook();
        }
        await().atMost(SOON).until(feed::isNotTold);

        assertThat(feed.isNotTold()).isFalse();
    }

    @Test
    void whoIsToldNowAndThenIsTold() {
        for (int i = 0; i < 6; i++) {
            commitAndLook();
            feed.told();
        }
        assertThat(feed.isNotTold()).isFalse();
    }
}
