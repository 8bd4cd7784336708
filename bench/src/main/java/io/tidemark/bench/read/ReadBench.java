package io.tidemark.bench.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.bench.Events;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkClientException;
import io.tidemark.query.Answers;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * Questions a second and their times at 1, 8 and 64 callers over DRPC, over the gateway and straight from Redis, and the
 * time from a commit to readers on WebSockets, while events flow. Arguments: folder, launcher, events a second, seconds
 * of each measurement, readers.
 */
public final class ReadBench {
    private static final PrintStream OUT = System.out;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String QUESTION = "bot human g3_Anon";

    private ReadBench() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory(Files.createDirectories(Path.of(arguments[0])), "read");
        int perSecond = Integer.parseInt(arguments[2]);
        Duration each = Duration.ofSeconds(Integer.parseInt(arguments[3]));
        int readers = Integer.parseInt(arguments[4]);
        try (RunningService service = RunningService.start(folder.resolve("data"), Path.of(arguments[1]));
                Events events = Events.flow(service.kafka(), "WikiPediaLogs", perSecond)) {
            OUT.printf("%,d events a second; \"counts %s\"; %d s each%n%n", perSecond, QUESTION, each.toSeconds());
            OUT.println("| asked over | callers | answers/s | p50 ms | p99 ms | failed |");
            OUT.println("|---|---|---|---|---|---|");
            for (int callers : List.of(1, 8, 64)) {
                try (TidemarkClient drpc = client(service.drpc(), callers);
                        TidemarkClient http = client(service.gateway(), callers);
                        Answers redis = new Answers(service.redis())) {
                    ask("DRPC", drpc::counts, callers, each);
                    ask("gateway", http::counts, callers, each);
                    ask("Redis, by the core's reader", redis::counts, callers, each);
                }
            }
            OUT.printf("%nproduced meanwhile: %,.0f events a second%n", events.perSecond());
            for (int count : List.of(1, readers)) {
                watch(service.gateway(), count, each);
            }
        }
        System.exit(0);
    }

    private static TidemarkClient client(String address, int callers) {
        return TidemarkClient.of(address, Duration.ofSeconds(3), callers);
    }

    private static void ask(String way, UnaryOperator<String> question, int callers, Duration each) throws Exception {
        ask(question, callers, Duration.ofSeconds(2), new AtomicInteger());
        AtomicInteger failed = new AtomicInteger();
        double[] times = ask(question, callers, each, failed);
        OUT.printf(
                "| %s | %d | %,.0f | %.2f | %.2f | %d |%n",
                way, callers, times.length / (double) each.toSeconds(), at(times, 0.50), at(times, 0.99), failed.get());
    }

    /** @return milliseconds of each answer, ascending */
    private static double[] ask(UnaryOperator<String> question, int callers, Duration each, AtomicInteger failed)
            throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        long until = System.nanoTime() + each.toNanos();
        List<Future<List<Double>>> all = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            all.add(threads.submit(() -> {
                List<Double> times = new ArrayList<>();
                while (System.nanoTime() < until) {
                    long began = System.nanoTime();
                    if (isAnswered(question)) {
                        times.add((System.nanoTime() - began) / 1e6);
                    } else {
                        failed.incrementAndGet();
                    }
                }
                return times;
            }));
        }
        List<Double> times = new ArrayList<>();
        for (Future<List<Double>> one : all) {
            times.addAll(one.get());
        }
        threads.shutdown();
        return times.stream().mapToDouble(t -> t).sorted().toArray();
    }

    private static boolean isAnswered(UnaryOperator<String> question) {
        try {
            return !question.apply(QUESTION).contains("\"error\"");
        } catch (TidemarkClientException e) {
            return false;
        }
    }

    private static double at(double[] sorted, double part) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.min(sorted.length - 1, sorted.length * part)];
    }

    /** From Redis's clock at the commit to the message's arrival, on one machine. */
    private static void watch(String gateway, int count, Duration each) throws Exception {
        Queue<Double> delays = new ConcurrentLinkedQueue<>();
        HttpClient http = HttpClient.newHttpClient();
        List<WebSocket> sockets = new ArrayList<>();
        URI uri = URI.create(gateway.replace("http", "ws") + "/live");
        while (sockets.size() < count) {
            try {
                sockets.add(http.newWebSocketBuilder()
                        .buildAsync(uri, new Watcher(delays))
                        .join());
            } catch (CompletionException busy) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
        TimeUnit.SECONDS.sleep(2);
        delays.clear();
        TimeUnit.MILLISECONDS.sleep(each.toMillis());
        double[] times = delays.stream().mapToDouble(d -> d).sorted().toArray();
        OUT.printf(
                "from commit to %,d WebSocket readers: p50 %.0f ms, p99 %.0f ms (%,d messages, %.1f a second each)%n",
                count,
                at(times, 0.50),
                at(times, 0.99),
                times.length,
                times.length / (double) count / each.toSeconds());
        sockets.forEach(WebSocket::abort);
    }

    /** Notes how old each cut is when it comes. */
    private static final class Watcher implements WebSocket.Listener {
        private final Queue<Double> delays;
        private final StringBuilder text = new StringBuilder();

        Watcher(Queue<Double> delays) {
            this.delays = delays;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                Instant now = Instant.now();
                try {
                    String at = JSON.readTree(text.toString())
                            .path("cut")
                            .path("committedAt")
                            .asText();
                    delays.add(Duration.between(Instant.parse(at), now).toNanos() / 1e6);
                } catch (JsonProcessingException e) {
                    throw new IllegalStateException(text.toString(), e);
                }
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }
    }
}
