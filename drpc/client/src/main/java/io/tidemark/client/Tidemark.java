package io.tidemark.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/**
 * Asks a running stream, over Storm's DRPC or over the gateway's HTTP, as the address says:
 *
 * <pre>{@code
 * try (Tidemark tidemark = Tidemark.connect("drpc://storm1:3772,storm2:3772")) {
 *     long bots = tidemark.counts("bot").labels().get("bot");
 * }
 * }</pre>
 *
 * Over {@code http://} nothing but Jackson is needed; {@code drpc://} needs storm-client on the class path. A question
 * ends within its time-out (3 s unless told otherwise), in an answer or in a {@link TidemarkClientException}. Thread-safe.
 * {@link #stream}, {@link #atLeast} give others that share the connections; closing one closes all.
 */
public final class Tidemark implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHORTEST_PAUSE_MS = 5;
    private static final int LONGEST_PAUSE_MS = 100;

    private final TidemarkClient client;
    private final AsyncCalls async;
    private final String stream;
    private final Map<Integer, Long> atLeast;
    private final Duration wait;

    private Tidemark(
            TidemarkClient client, AsyncCalls async, String stream, Map<Integer, Long> atLeast, Duration wait) {
        this.client = client;
        this.async = async;
        this.stream = stream;
        this.atLeast = atLeast;
        this.wait = wait;
    }

    /**
     * With all defaults. Opens no connection yet.
     *
     * @param address {@code drpc://host:3772,host2:3772} or {@code http://host:2546}
     * @throws IllegalArgumentException when it is none
     */
    public static Tidemark connect(String address) {
        return builder(address).build();
    }

    /** @param address as for {@link #connect} */
    public static Builder builder(String address) {
        return new Builder(address);
    }

    /** The same for one of several streams. @param name of the stream; null for the only one */
    public Tidemark stream(String name) {
        return new Tidemark(client, async, name, atLeast, wait);
    }

    /**
     * The same with answers that have counted at least so far: who has just written a record to the topic finds it in.
     *
     * @param offsets by partition; the cut's offsets are these or larger (a record's offset and one)
     * @param most how long to ask again for a cut that is not there yet; then {@link NotYetException}
     */
    public Tidemark atLeast(Map<Integer, Long> offsets, Duration most) {
        return new Tidemark(client, async, stream, new TreeMap<>(offsets), most);
    }

    /**
     * Counts.
     *
     * @param words dimensions ({@code actor}), categories ({@code actor:bot}) or aliases ({@code bot}); none for every
     *     dimension that is kept in total
     * @throws TidemarkClientException when no answer was got, or one that says no
     */
    public Counts counts(String... words) {
        ObjectNode question = question();
        ArrayNode list = question.putArray("counts");
        for (String word : words) {
            list.add(word);
        }
        return ask("counts", question, AnswerReader::counts);
    }

    /** The same, without waiting. */
    public CompletableFuture<Counts> countsAsync(String... words) {
        return async.call(client.timeout(), () -> counts(words));
    }

    /**
     * Categories over time.
     *
     * @param from ISO 8601, {@code now} or relative ({@code -1h})
     * @param to the same; null for now
     * @param step {@code minute}, {@code hour}, {@code day} or a multiple like {@code 5m}
     * @param words dimensions, categories or aliases
     */
    public Trend trend(String from, String to, String step, String... words) {
        ObjectNode question = question();
        ObjectNode trend = question.putObject("trend");
        ArrayNode of = trend.putArray("of");
        for (String word : words) {
            of.add(word);
        }
        trend.put("from", from).put("to", to == null ? "now" : to).put("step", step);
        return ask("trend", question, AnswerReader::trend);
    }

    /** The same, without waiting. */
    public CompletableFuture<Trend> trendAsync(String from, String to, String step, String... words) {
        return async.call(client.timeout(), () -> trend(from, to, step, words));
    }

    /**
     * The largest categories of a dimension.
     *
     * @param dimension its name
     * @param n how many
     * @param from begin of the period, as in {@link #trend}; it ends now
     */
    public Top top(String dimension, int n, String from) {
        ObjectNode question = question();
        question.putObject("top")
                .put("of", dimension)
                .put("n", n)
                .put("from", from)
                .put("to", "now");
        return ask("top", question, AnswerReader::top);
    }

    /** The same, without waiting. */
    public CompletableFuture<Top> topAsync(String dimension, int n, String from) {
        return async.call(client.timeout(), () -> top(dimension, n, from));
    }

    /** How the stream is. */
    public Status status() {
        return ask("status", question(), AnswerReader::status);
    }

    /** The same, without waiting. */
    public CompletableFuture<Status> statusAsync() {
        return async.call(client.timeout(), this::status);
    }

    /**
     * Any question, as it stands, and the JSON that came; an error is an answer too.
     *
     * @param function {@code counts}, {@code trend}, {@code top}, {@code status} or {@code ask}
     * @param arguments words or JSON
     * @throws TidemarkClientException when no answer was got
     */
    public String ask(String function, String arguments) {
        return client.ask(function, arguments);
    }

    /** {@code host:port} of all servers. */
    public String address() {
        return client.address();
    }

    private ObjectNode question() {
        ObjectNode question = JSON.createObjectNode();
        if (stream != null) {
            question.put("stream", stream);
        }
        if (!atLeast.isEmpty()) {
            ObjectNode offsets = question.putObject("atLeast");
            atLeast.forEach((partition, offset) -> offsets.put(partition.toString(), offset));
        }
        return question;
    }

    private <T> T ask(String function, ObjectNode question, Function<String, T> reader) {
        String arguments = question.toString();
        Deadline waiting = Deadline.in(wait);
        for (int pause = SHORTEST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
            try {
                return reader.apply(client.ask(function, arguments));
            } catch (NotYetException e) {
                if (waiting.isOver()) {
                    throw e;
                }
                sleep(
                        Math.min(
                                waiting.leftMillis(),
                                pause + ThreadLocalRandom.current().nextInt(pause)),
                        e);
            }
        }
    }

    private static void sleep(long millis, NotYetException waitedFor) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw waitedFor;
        }
    }

    /** Gives the connections back; calls that are under way end with their answers. */
    @Override
    public void close() {
        async.close();
        client.close();
    }

    /** Makes one. Not thread-safe. */
    public static final class Builder {
        private final String address;
        private Duration timeout = TidemarkClient.DEFAULT_TIMEOUT;
        private int connections = TidemarkClient.DEFAULT_CONNECTIONS;
        private String stream;
        private Timing timing = Timing.NONE;

        private Builder(String address) {
            this.address = address;
        }

        /** How long one question may take in all, from 1 ms to 24 days; 3 s unless told otherwise. */
        public Builder timeout(Duration most) {
            timeout = most;
            return this;
        }

        /** Most questions under way at the same time, 16 unless told otherwise; others wait, within their time-outs. */
        public Builder connections(int most) {
            connections = most;
            return this;
        }

        /** The stream that is asked; not needed where there is one. */
        public Builder stream(String name) {
            stream = name;
            return this;
        }

        /** Notes each question in timers {@code tidemark.client.questions}, by function and outcome. */
        public Builder timers(MeterRegistry registry) {
            timing = new MicrometerTiming(registry);
            return this;
        }

        /** @throws IllegalArgumentException when the address is none, or a number is out of its range */
        public Tidemark build() {
            TidemarkClient client = new TidemarkClient(address, timeout, connections, timing);
            return new Tidemark(client, new AsyncCalls(connections), stream, Map.of(), Duration.ZERO);
        }
    }
}
