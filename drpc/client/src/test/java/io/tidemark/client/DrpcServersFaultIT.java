package io.tidemark.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stock DRPC servers that are dead, killed, restarted and slow, while questions are asked. */
class DrpcServersFaultIT {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final Duration LIMIT = Duration.ofSeconds(3);

    /** What a machine that is busy with other things may add to a limit. */
    private static final Duration SLACK = Duration.ofSeconds(3);

    @TempDir
    Path folder;

    @Test
    void eachQuestionEndsInAnAnswerOrAClearErrorInTimeAndAnswersComeAgain() throws Exception {
        int dead = freePort();
        int port = freePort();
        try (StockDrpcServer first = new StockDrpcServer(port, folder.resolve("first"));
                TidemarkClient client = TidemarkClient.of("drpc://127.0.0.1:" + dead + ",127.0.0.1:" + port, LIMIT)) {
            awaitAnswer(client);
            Map<String, Integer> ends = new TreeMap<>();
            for (int i = 0; i < 50; i++) {
                ask(client, "before " + i, ends);
            }
            assertThat(ends).containsOnlyKeys("answer");

            AtomicInteger asked = new AtomicInteger();
            Thread asker = new Thread(() -> {
                while (asked.getAndIncrement() < 50) {
                    ask(client, "meanwhile " + asked, ends);
                    pause();
                }
            });
            asker.start();
            first.kill();
            try (StockDrpcServer again = new StockDrpcServer(port, folder.resolve("again"))) {
                asker.join();
                assertThat(again.isAlive()).isTrue();
                assertThat(ends.keySet())
                        .isSubsetOf("answer", "ServiceUnreachableException", "AnswerTimedOutException");
                assertThat(ends).containsKey("ServiceUnreachableException");

                awaitAnswer(client);
                Map<String, Integer> after = new TreeMap<>();
                for (int i = 0; i < 50; i++) {
                    ask(client, "after " + i, after);
                }
                assertThat(after).containsOnlyKeys("answer");

                long began = System.nanoTime();
                assertThatThrownBy(() -> client.counts("slow"))
                        .isInstanceOf(AnswerTimedOutException.class)
                        .hasMessageContaining("within 3000 ms");
                assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(LIMIT.plus(SLACK));
                assertThat(client.counts("quick")).contains("\"quick\"");
            }
        }
    }

    private static void ask(TidemarkClient client, String question, Map<String, Integer> ends) {
        long began = System.nanoTime();
        String end;
        try {
            assertThat(client.counts(question)).contains("\"query\":\"" + question + "\"");
            end = "answer";
        } catch (TidemarkClientException e) {
            assertThat(e.getMessage()).isNotEmpty();
            end = e.getClass().getSimpleName();
        }
        synchronized (ends) {
            ends.merge(end, 1, Integer::sum);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(LIMIT.plus(SLACK));
    }

    private static void awaitAnswer(TidemarkClient client) {
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() -> client.counts("ready").contains("\"ready\""));
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
