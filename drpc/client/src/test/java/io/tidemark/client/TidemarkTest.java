package io.tidemark.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BinaryOperator;
import org.apache.storm.thrift.transport.TTransportException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TidemarkTest {
    private static final String HEAD =
            "\"cut\":{\"start\":{\"0\":0},\"offsets\":{\"0\":12},\"skipped\":[],\"version\":7,"
                    + "\"asOf\":\"2026-11-24T10:05:03.120Z\",\"committedAt\":\"2026-11-24T10:05:03.200Z\","
                    + "\"readAt\":\"2026-11-24T10:05:04.000Z\"},\"accounts\":{\"records\":12,\"counted\":10,\"rejected\":1,"
                    + "\"filtered\":1,\"late\":2}";

    /** An answer of the core: what was asked, and the rest. */
    private static String answer(String arguments, String rest) {
        return "{\"stream\":\"wiki\",\"query\":\""
                + arguments.replace("\\", "\\\\").replace("\"", "\\\"") + "\"," + rest + "}";
    }

    private static String counts(String function, String arguments) {
        return answer(arguments, HEAD + ",\"counts\":{\"actor\":{\"bot\":3,\"human\":7}},\"labels\":{\"bot\":3}");
    }

    @Test
    void givesTheSameAnswerOverDrpcAndOverHttp() throws Exception {
        try (FakeDrpcServer drpc = new FakeDrpcServer(0, TidemarkTest::counts);
                FakeGateway gateway = new FakeGateway(TidemarkTest::counts);
                Tidemark overDrpc = Tidemark.connect("drpc://127.0.0.1:" + drpc.port());
                Tidemark overHttp = Tidemark.connect(gateway.url())) {
            Counts counts = overDrpc.counts("bot");

            assertThat(overHttp.counts("bot")).isEqualTo(counts);
            assertThat(counts.labels()).isEqualTo(Map.of("bot", 3L));
            assertThat(counts.of("actor", "human")).isEqualTo(7);
            assertThat(counts.of("actor", "alien")).isZero();
            assertThatThrownBy(() -> counts.of("login", "hidden")).isInstanceOf(IllegalArgumentException.class);
            assertThat(counts.accounts()).isEqualTo(new Accounts(12, 10, 1, 1, 2));
            assertThat(counts.cut())
                    .isEqualTo(new Cut(
                            Map.of(0, 0L),
                            Map.of(0, 12L),
                            7,
                            Instant.parse("2026-11-24T10:05:03.120Z"),
                            Instant.parse("2026-11-24T10:05:03.200Z"),
                            Instant.parse("2026-11-24T10:05:04Z")));
            assertThat(counts.cut().contains(0, 11)).isTrue();
            assertThat(counts.cut().contains(0, 12)).isFalse();
        }
    }

    @Test
    void asksInJsonWithTheStream() throws Exception {
        List<String> asked = new ArrayList<>();
        BinaryOperator<String> note = (function, arguments) -> {
            asked.add(function + " " + arguments);
            return counts(function, arguments);
        };
        try (FakeGateway gateway = new FakeGateway(note);
                Tidemark tidemark =
                        Tidemark.builder(gateway.url()).stream("wiki").build()) {
            tidemark.counts("namespace:User talk", "bot");
            tidemark.stream(null).counts();
            tidemark.status();
            tidemark.trend("-1h", null, "minute", "actor");
            tidemark.top("page", 5, "-24h");

            assertThat(asked)
                    .containsExactly(
                            "counts {\"stream\":\"wiki\",\"counts\":[\"namespace:User talk\",\"bot\"]}",
                            "counts {\"counts\":[]}",
                            "status {\"stream\":\"wiki\"}",
                            "trend {\"stream\":\"wiki\",\"trend\":{\"of\":[\"actor\"],\"from\":\"-1h\",\"to\":\"now\","
                                    + "\"step\":\"minute\"}}",
                            "top {\"stream\":\"wiki\",\"top\":{\"of\":\"page\",\"n\":5,\"from\":\"-24h\",\"to\":\"now\"}}");
        }
    }

    @Test
    void trendsAndTopListsAreRecords() throws Exception {
        String trend = HEAD + ",\"trend\":{\"step\":\"minute\",\"buckets\":[\"2026-11-24T09:06:00Z\","
                + "\"2026-11-24T09:07:00Z\"],\"states\":[\"gone\",\"open\"],\"events\":[null,4],"
                + "\"series\":{\"actor\":{\"bot\":[null,4]}},\"labels\":{},\"exact\":true}";
        String top = HEAD + ",\"top\":{\"of\":\"page\",\"n\":1,\"from\":\"2026-11-23T09:00:00Z\","
                + "\"to\":\"2026-11-24T09:00:00Z\",\"sum\":8,\"exact\":true,\"state\":\"open\",\"categories\":"
                + "[{\"value\":\"Sample page\",\"count\":4,\"share\":0.5}],\"reserved\":{\"(other)\":3}}";
        try (FakeGateway gateway = new FakeGateway((function, a) -> answer(a, function.equals("top") ? top : trend));
                Tidemark tidemark = Tidemark.connect(gateway.url())) {
            Trend read = tidemark.trend("-1h", null, "minute", "actor");
            assertThat(read.events()).containsExactly(null, 4L);
            assertThat(read.series().get("actor").get("bot")).containsExactly(null, 4L);
            assertThat(read.buckets()).startsWith(Instant.parse("2026-11-24T09:06:00Z"));
            assertThat(read.states()).containsExactly("gone", "open");

            Top largest = tidemark.top("page", 1, "-24h");
            assertThat(largest.categories()).containsExactly(new Top.Category("Sample page", 4, 0.5));
            assertThat(largest.sum()).isEqualTo(8);
            assertThat(largest.reserved()).isEqualTo(Map.of("(other)", 3L));
        }
    }

    private static String error(String arguments, String code) {
        return answer(arguments, "\"error\":{\"code\":\"" + code + "\",\"message\":\"why\",\"known\":[\"actor\"]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown-dimension", "unknown-word", "unknown-stream", "bad-request", "not-in-total"})
    void aQuestionThatIsRejectedSaysWhatIsKnown(String code) throws IOException {
        try (FakeGateway gateway = new FakeGateway((function, arguments) -> "400 " + error(arguments, code));
                Tidemark tidemark = Tidemark.connect(gateway.url())) {
            assertThatThrownBy(() -> tidemark.counts("planet"))
                    .isInstanceOfSatisfying(QuestionRejectedException.class, e -> {
                        assertThat(e.code()).isEqualTo(code);
                        assertThat(e.known()).containsExactly("actor");
                        assertThat(e).hasMessage(code + ": why. Known: actor");
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"store-unavailable", "not-initialised", "inconsistent"})
    void countsThatAreNotThereAreNoCounts(String code) throws IOException {
        try (FakeGateway gateway = new FakeGateway((function, arguments) -> "503 " + error(arguments, code));
                Tidemark tidemark = Tidemark.connect(gateway.url())) {
            assertThatThrownBy(tidemark::counts)
                    .isInstanceOfSatisfying(
                            CountsUnavailableException.class,
                            e -> assertThat(e.code()).isEqualTo(code));
            assertThat(tidemark.ask("counts", "")).contains(code);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "503, busy, io.tidemark.client.ServiceBusyException",
        "429, too-many-requests, io.tidemark.client.ServiceBusyException",
        "421, wrong-host, io.tidemark.client.QuestionRejectedException",
        "404, not-found, io.tidemark.client.QuestionRejectedException"
    })
    void theGatewaysOwnWordIsNoAnswer(int status, String code, String exception) throws Exception {
        try (FakeGateway gateway = new FakeGateway((function, arguments) ->
                        status + " {\"error\":{\"code\":\"" + code + "\",\"message\":\"why\"}}");
                Tidemark tidemark = Tidemark.connect(gateway.url())) {
            assertThatThrownBy(tidemark::counts)
                    .isInstanceOf(Class.forName(exception))
                    .hasMessageContaining(code);
        }
    }

    @Test
    void rejectsAnAnswerToAnotherQuestionOverHttpToo() throws IOException {
        try (FakeGateway gateway = new FakeGateway((function, arguments) -> counts(function, "another"));
                Tidemark tidemark = Tidemark.connect(gateway.url())) {
            assertThatThrownBy(tidemark::counts).isInstanceOf(StrayAnswerException.class);
        }
    }

    @Test
    void asksAgainForACutThatIsNotThereYet() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        List<String> questions = new ArrayList<>();
        BinaryOperator<String> third = (function, arguments) -> {
            questions.add(arguments);
            return asked.incrementAndGet() < 3 ? "409 " + error(arguments, "not-yet") : counts(function, arguments);
        };
        try (FakeGateway gateway = new FakeGateway(third);
                Tidemark tidemark = Tidemark.connect(gateway.url())) {
            Counts counts =
                    tidemark.atLeast(Map.of(0, 12L), Duration.ofSeconds(60)).counts("bot");

            assertThat(counts.labels()).containsKey("bot");
            assertThat(questions).hasSize(3).containsOnly("{\"atLeast\":{\"0\":12},\"counts\":[\"bot\"]}");
        }
    }

    @Test
    void saysNotYetWhenTheWaitIsOver() throws IOException {
        BinaryOperator<String> never = (function, arguments) ->
                "409 " + answer(arguments, "\"error\":{\"code\":\"not-yet\",\"message\":\"why\"," + HEAD + "}");
        try (FakeGateway gateway = new FakeGateway(never);
                Tidemark tidemark = Tidemark.connect(gateway.url())) {
            assertThatThrownBy(() -> tidemark.atLeast(Map.of(0, 13L), Duration.ofMillis(50))
                            .counts("bot"))
                    .isInstanceOfSatisfying(
                            NotYetException.class,
                            e -> assertThat(e.cut().offsets()).isEqualTo(Map.of(0, 12L)));
        }
    }

    @Test
    void callsThatDoNotWaitEndAsTheOthersDo() throws Exception {
        BinaryOperator<String> some = (function, arguments) ->
                arguments.contains("planet") ? "400 " + error(arguments, "unknown-word") : counts(function, arguments);
        try (FakeGateway gateway = new FakeGateway(some);
                Tidemark tidemark = Tidemark.builder(gateway.url())
                        .connections(4)
                        .timeout(Duration.ofSeconds(60))
                        .build()) {
            List<CompletableFuture<Counts>> calls = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                calls.add(tidemark.countsAsync("bot"));
            }
            for (CompletableFuture<Counts> call : calls) {
                assertThat(call.get().labels().get("bot")).isEqualTo(3);
            }
            assertThatThrownBy(() -> tidemark.countsAsync("planet").get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(QuestionRejectedException.class);
        }
    }

    @Test
    void noMoreQuestionsAreUnderWayThanThereAreConnections() throws Exception {
        CountDownLatch answerNow = new CountDownLatch(1);
        AtomicInteger arrived = new AtomicInteger();
        BinaryOperator<String> held = (function, arguments) -> {
            arrived.incrementAndGet();
            try {
                answerNow.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return counts(function, arguments);
        };
        try (FakeGateway gateway = new FakeGateway(held);
                Tidemark tidemark = Tidemark.builder(gateway.url())
                        .connections(2)
                        .timeout(Duration.ofMillis(400))
                        .build()) {
            List<CompletableFuture<Counts>> calls = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                calls.add(tidemark.countsAsync("bot"));
            }
            for (CompletableFuture<Counts> call : calls) {
                assertThatThrownBy(call::get).hasCauseInstanceOf(AnswerTimedOutException.class);
            }
            assertThatThrownBy(() -> tidemark.counts("bot")).isInstanceOf(AnswerTimedOutException.class);
            answerNow.countDown();

            // Those whose time was over before their turn are not asked late.
            assertThat(arrived.get()).isBetween(2, 4);
        }
    }

    @Test
    void callersAtTheSameTimeShareTheConnections() throws Exception {
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        BinaryOperator<String> counted = (function, arguments) -> {
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            underWay.decrementAndGet();
            return counts(function, arguments);
        };
        try (FakeGateway gateway = new FakeGateway(counted);
                Tidemark tidemark = Tidemark.builder(gateway.url())
                        .connections(2)
                        .timeout(Duration.ofSeconds(60))
                        .build()) {
            List<CompletableFuture<Counts>> callers = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                callers.add(
                        CompletableFuture.supplyAsync(() -> tidemark.counts("bot"), task -> new Thread(task).start()));
            }
            for (CompletableFuture<Counts> caller : callers) {
                assertThat(caller.get().labels()).containsKey("bot");
            }
            assertThat(most.get()).isBetween(1, 2);
        }
    }

    @Test
    void timersTellFunctionAndOutcome() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (FakeGateway gateway = new FakeGateway(TidemarkTest::counts);
                Tidemark tidemark =
                        Tidemark.builder(gateway.url()).timers(registry).build();
                Tidemark nowhere = Tidemark.builder("http://127.0.0.1:" + freePort())
                        .timers(registry)
                        .build()) {
            tidemark.counts("bot");
            tidemark.counts("bot");
            assertThatThrownBy(nowhere::status).isInstanceOf(ServiceUnreachableException.class);

            assertThat(registry.get("tidemark.client.questions")
                            .tags("function", "counts", "outcome", "answered")
                            .timer()
                            .count())
                    .isEqualTo(2);
            assertThat(registry.get("tidemark.client.questions")
                            .tags("function", "status", "outcome", "unreachable")
                            .timer()
                            .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void aDeadServerIsPassedOver() throws Exception {
        try (FakeDrpcServer live = new FakeDrpcServer(0, TidemarkTest::counts);
                Tidemark tidemark = Tidemark.connect("drpc://127.0.0.1:" + freePort() + ",127.0.0.1:" + live.port())) {
            for (int i = 0; i < 20; i++) {
                assertThat(tidemark.counts("bot").labels()).containsKey("bot");
            }
        }
    }

    @Test
    void aServerThatHangsCostsOneQuestionItsTimeAndNotTheNext() throws Exception {
        Duration limit = Duration.ofSeconds(2);
        try (ServerSocket hangs = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                FakeDrpcServer live = new FakeDrpcServer(0, TidemarkTest::counts);
                Tidemark tidemark = Tidemark.builder(
                                "drpc://127.0.0.1:" + hangs.getLocalPort() + ",127.0.0.1:" + live.port())
                        .timeout(limit)
                        .build()) {
            long began = System.nanoTime();
            assertThatThrownBy(() -> tidemark.counts("bot")).isInstanceOf(AnswerTimedOutException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(limit.multipliedBy(3));

            assertThat(tidemark.counts("bot").labels()).containsKey("bot");
        }
    }

    @Test
    void whenAllAreDeadItSaysSoAtOnce() throws IOException {
        int first = freePort();
        int second = freePort();
        try (Tidemark tidemark = Tidemark.connect("drpc://127.0.0.1:" + first + ",127.0.0.1:" + second)) {
            assertThatThrownBy(tidemark::counts)
                    .isInstanceOf(ServiceUnreachableException.class)
                    .hasMessageContaining("connection refused")
                    .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        }
    }

    @Test
    void nothingIsAskedOnceClosed() throws TTransportException {
        try (FakeDrpcServer server = new FakeDrpcServer(0, TidemarkTest::counts)) {
            Tidemark tidemark = Tidemark.connect("drpc://127.0.0.1:" + server.port());
            tidemark.counts();
            tidemark.close();

            assertThatThrownBy(tidemark::counts).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> tidemark.countsAsync().get()).hasMessageContaining("closed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://", "http://user@host:1", "ftp://host", "drpc://", "drpc://host:1,", "drpc://a/b"})
    void refusesWhatIsNoAddress(String address) {
        assertThatThrownBy(() -> Tidemark.connect(address)).isInstanceOf(IllegalArgumentException.class);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
