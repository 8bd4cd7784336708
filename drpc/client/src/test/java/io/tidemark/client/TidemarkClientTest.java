package io.tidemark.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.storm.thrift.transport.TTransportException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TidemarkClientTest {
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    private static String echo(String function, String arguments) {
        return "{\"function\":\"" + function + "\",\"query\":\"" + arguments + "\"}";
    }

    @Test
    void givesTheAnswerThatEchoesTheQuestion() throws TTransportException {
        try (FakeDrpcServer server = new FakeDrpcServer(0, TidemarkClientTest::echo);
                TidemarkClient client = new TidemarkClient("127.0.0.1", server.port())) {
            assertThat(client.counts("bot human")).isEqualTo(echo("counts", "bot human"));
            assertThat(client.status("")).isEqualTo(echo("status", ""));
        }
    }

    @Test
    void rejectsAnAnswerToAnotherQuestion() throws TTransportException {
        try (FakeDrpcServer server = new FakeDrpcServer(0, (function, arguments) -> echo(function, "human"));
                TidemarkClient client = new TidemarkClient("127.0.0.1", server.port())) {
            assertThatThrownBy(() -> client.counts("bot"))
                    .isInstanceOf(StrayAnswerException.class)
                    .hasMessageContaining("asked \"bot\", answered \"human\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no JSON", "[]", "{}", "{\"query\": null}", "42"})
    void rejectsWhatIsNoAnswer(String nonsense) throws TTransportException {
        try (FakeDrpcServer server = new FakeDrpcServer(0, (function, arguments) -> nonsense);
                TidemarkClient client = new TidemarkClient("127.0.0.1", server.port())) {
            assertThatThrownBy(() -> client.counts("bot")).isInstanceOf(StrayAnswerException.class);
        }
    }

    @Test
    void asksAgainOnANewConnectionWhenTheServerWasRestarted() throws TTransportException, IOException {
        int port = freePort();
        try (TidemarkClient client = new TidemarkClient("127.0.0.1", port)) {
            try (FakeDrpcServer before = new FakeDrpcServer(port, TidemarkClientTest::echo)) {
                assertThat(before.port()).isEqualTo(port);
                client.counts("bot");
            }
            try (FakeDrpcServer after = new FakeDrpcServer(port, TidemarkClientTest::echo)) {
                assertThat(after.port()).isEqualTo(port);
                assertThat(client.counts("human")).isEqualTo(echo("counts", "human"));
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void namesTheAddressWhereNobodyAnswers() throws IOException {
        int port = freePort();
        try (TidemarkClient client = new TidemarkClient("127.0.0.1", port, TIMEOUT)) {
            assertThatThrownBy(() -> client.counts(""))
                    .isInstanceOf(ServiceUnreachableException.class)
                    .hasMessage("nothing answers at 127.0.0.1:" + port + " (connection refused)");
        }
    }

    @Test
    void anAnswerThatComesTooLateReachesNobody() throws TTransportException {
        CountDownLatch late = new CountDownLatch(1);
        FakeDrpcServer server = new FakeDrpcServer(0, (function, arguments) -> {
            if (arguments.equals("slow")) {
                try {
                    late.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return echo(function, arguments);
        });
        try (server;
                TidemarkClient client = new TidemarkClient("127.0.0.1", server.port(), TIMEOUT)) {
            assertThatThrownBy(() -> client.counts("slow"))
                    .isInstanceOf(AnswerTimedOutException.class)
                    .hasMessageContaining("within 500 ms");
            late.countDown();

            assertThat(client.counts("quick")).isEqualTo(echo("counts", "quick"));
        }
    }

    @Test
    void callersAtTheSameTimeGetTheirOwnAnswers() throws TTransportException {
        try (FakeDrpcServer server = new FakeDrpcServer(0, TidemarkClientTest::echo);
                TidemarkClient client = new TidemarkClient("127.0.0.1", server.port())) {
            List<String> questions =
                    IntStream.range(0, 400).mapToObj(i -> "q" + i).toList();

            List<String> answers =
                    questions.parallelStream().map(client::counts).toList();

            assertThat(answers)
                    .isEqualTo(questions.stream().map(q -> echo("counts", q)).toList());
        }
    }

    @Test
    void answersNothingWhenClosed() throws TTransportException {
        try (FakeDrpcServer server = new FakeDrpcServer(0, TidemarkClientTest::echo)) {
            TidemarkClient client = new TidemarkClient("127.0.0.1", server.port());
            client.counts("");
            client.close();

            assertThatThrownBy(() -> client.counts("")).isInstanceOf(IllegalStateException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:3773, localhost:3773",
        "localhost, localhost:3772",
        "10.0.0.7:1, 10.0.0.7:1",
        "[::1]:99, ::1:99",
        "[::1], ::1:3772"
    })
    void readsAddresses(String text, String address) {
        try (TidemarkClient client = TidemarkClient.of(text, TIMEOUT)) {
            assertThat(client.address()).isEqualTo(address);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":3772", "host:", "host:port", "host:0", "host:65536", "host:-1"})
    void refusesWhatIsNoAddress(String text) {
        assertThatThrownBy(() -> TidemarkClient.of(text, TIMEOUT)).isInstanceOf(IllegalArgumentException.class);
    }
}
