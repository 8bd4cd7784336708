package io.tidemark.trident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BinaryOperator;
import org.apache.storm.Config;
import org.apache.storm.daemon.drpc.DRPC;
import org.apache.storm.daemon.drpc.DRPCThrift;
import org.apache.storm.generated.DRPCExecutionException;
import org.apache.storm.generated.DistributedRPC;
import org.apache.storm.generated.DistributedRPCInvocations;
import org.apache.storm.metric.StormMetricsRegistry;
import org.apache.storm.security.auth.SimpleTransportPlugin;
import org.apache.storm.security.auth.ThriftConnectionType;
import org.apache.storm.security.auth.ThriftServer;
import org.apache.storm.thrift.TException;
import org.apache.storm.utils.DRPCClient;
import org.apache.storm.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Storm's own DRPC servers, of which one is away at first, one is restarted, and one gets a slow question. */
class QuestionListenerIT {
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    @Test
    void aServerThatIsAwayAtFirstHoldsUpNobodyAndIsAnsweredOnceItIsThere() throws Exception {
        Server there = new Server();
        Server away = new Server();
        there.start();
        listen(there, QuestionListenerIT::echo);
        listen(away, QuestionListenerIT::echo);
        try (DRPCClient client = there.client()) {
            for (int i = 0; i < 100; i++) {
                assertThat(client.execute("counts", "question " + i)).isEqualTo("counts of question " + i);
            }
        }
        away.start();
        awaitAnswer(away);
    }

    @Test
    void aServerThatWasRestartedIsAnsweredAgain() throws Exception {
        Server server = new Server();
        server.start();
        listen(server, QuestionListenerIT::echo);
        awaitAnswer(server);
        for (int i = 0; i < 3; i++) {
            server.stop();
            server.start();
            awaitAnswer(server);
        }
    }

    @Test
    void aSlowQuestionHoldsUpNobodyAndWhatTimedOutIsNotAskedLater() throws Exception {
        Server server = new Server();
        server.start();
        CountDownLatch redisIsBack = new CountDownLatch(1);
        ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
        listen(server, (function, arguments) -> {
            asked.add(arguments);
            if (arguments.startsWith("slow")) {
                awaitQuietly(redisIsBack);
            }
            return echo(function, arguments);
        });
        ExecutorService callers = Executors.newCachedThreadPool();
        try {
            Future<Throwable> slow = callers.submit(() -> failureOf(server, "slow 0"));
            await().atMost(PATIENCE).until(() -> asked.contains("slow 0"));
            try (DRPCClient client = server.client()) {
                assertThat(client.execute("counts", "quick")).isEqualTo("counts of quick");
            }
            List<Future<Throwable>> more = new ArrayList<>();
            for (int i = 1; i < 8; i++) {
                int number = i;
                more.add(callers.submit(() -> failureOf(server, "slow " + number)));
            }
            assertThat(slow.get(60, TimeUnit.SECONDS)).isInstanceOf(DRPCExecutionException.class);
            for (Future<Throwable> each : more) {
                assertThat(each.get(60, TimeUnit.SECONDS)).isInstanceOf(DRPCExecutionException.class);
            }
            int before = asked.size();
            assertThat(before)
                    .as("questions that were taken: one by each thread")
                    .isBetween(2, 5);
            redisIsBack.countDown();
            awaitAnswer(server);
            assertThat(asked.stream().filter(each -> each.startsWith("slow"))).hasSize(before - 1);
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void anAnswerThatFailsIsAClearErrorToTheCaller() throws Exception {
        Server server = new Server();
        server.start();
        listen(server, (function, arguments) -> {
            if (arguments.equals("broken")) {
                throw new IllegalStateException("a fault of the program");
            }
            return echo(function, arguments);
        });
        awaitAnswer(server);
        try (DRPCClient client = server.client()) {
            assertThatThrownBy(() -> client.execute("counts", "broken"))
                    .isInstanceOfSatisfying(
                            DRPCExecutionException.class,
                            e -> assertThat(e.get_msg()).contains("counts failed", "a fault of the program"));
            assertThat(client.execute("counts", "next")).isEqualTo("counts of next");
        }
    }

    private static String echo(String function, String arguments) {
        return function + " of " + arguments;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Throwable failureOf(Server server, String question) {
        try (DRPCClient client = server.client()) {
            client.execute("counts", question);
            return null;
        } catch (TException e) {
            return e;
        }
    }

    private void listen(Server server, BinaryOperator<String> answers) {
        Map<String, Object> conf = Utils.readDefaultConfig();
        QuestionListener listener = new QuestionListener(
                new RemoteQuestions.Server(conf, "127.0.0.1", server.invocationsPort),
                List.of("status", "counts"),
                answers);
        opened.add(listener);
        listener.start();
    }

    private static void awaitAnswer(Server server) {
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            try (DRPCClient client = server.client()) {
                return client.execute("counts", "x").equals("counts of x");
            }
        });
    }

    /** Storm's DRPC server on ports of its own, which stay the same. */
    private final class Server {
        private final int port = freePort();
        private final int invocationsPort = freePort();
        private DRPC drpc;
        private List<ThriftServer> servers;

        void start() {
            Map<String, Object> conf = Utils.readDefaultConfig();
            conf.put(Config.DRPC_PORT, port);
            conf.put(Config.DRPC_INVOCATIONS_PORT, invocationsPort);
            DRPC started = new DRPC(new StormMetricsRegistry(), null, LIMIT.toMillis());
            drpc = started;
            DRPCThrift functions = new DRPCThrift(started);
            servers = List.of(
                    new ThriftServer(conf, new DistributedRPC.Processor<>(functions), ThriftConnectionType.DRPC),
                    new ThriftServer(
                            conf,
                            new DistributedRPCInvocations.Processor<>(functions),
                            ThriftConnectionType.DRPC_INVOCATIONS));
            for (ThriftServer each : servers) {
                Thread thread = new Thread(each::serve, "drpc-" + port);
                thread.setDaemon(true);
                thread.start();
            }
            await().atMost(PATIENCE).until(() -> servers.stream().allMatch(ThriftServer::isServing));
            opened.add(this::stop);
        }

        void stop() {
            servers.forEach(ThriftServer::stop);
            await().atMost(PATIENCE).until(() -> servers.stream().noneMatch(ThriftServer::isServing));
            drpc.close();
        }

        DRPCClient client() throws TException {
            Map<String, Object> conf = Utils.readDefaultConfig();
            conf.put(Config.STORM_THRIFT_TRANSPORT_PLUGIN, SimpleTransportPlugin.class.getName());
            conf.put(Config.STORM_NIMBUS_RETRY_TIMES, 0);
            return new DRPCClient(conf, "127.0.0.1", port, 10_000);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException("no free port", e);
        }
    }
}
