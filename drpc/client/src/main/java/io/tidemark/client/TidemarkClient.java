package io.tidemark.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Asks a running stream and gives the JSON that came. Several servers may be named: one that does not answer is passed
 * over, and the next question begins with one that does. A question ends within its time-out, whatever is tried
 * meanwhile. An answer that does not echo its question is thrown away, because a DRPC server that was restarted gives
 * its request ids out again, and an answer can reach a stranger. What a server was asked cannot be called back, but
 * questions change nothing, and a late answer reaches nobody. Thread-safe.
 */
public final class TidemarkClient implements AutoCloseable {
    /** How long a question may take unless told otherwise. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(3);

    /** Port of Storm's DRPC server unless told otherwise. */
    public static final int DEFAULT_PORT = 3772;

    /** How many questions may be under way at the same time unless told otherwise. */
    public static final int DEFAULT_CONNECTIONS = 16;

    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Rotation rotation;
    private final Duration timeout;
    private final Semaphore connections;
    private final Timing timing;
    private final int most;
    private volatile boolean closed;

    /** With the default time-out, over DRPC. */
    public TidemarkClient(String host, int port) {
        this(host, port, DEFAULT_TIMEOUT);
    }

    /** Over DRPC. */
    public TidemarkClient(String host, int port, Duration timeout) {
        this("[" + host + "]:" + port, timeout, DEFAULT_CONNECTIONS, Timing.NONE);
    }

    /**
     * Opens no connection yet.
     *
     * @param timeout of one question in all, from 1 ms to 24 days
     * @param most questions under way at the same time; others wait for them, within their time-outs
     */
    TidemarkClient(String address, Duration timeout, int most, Timing timing) {
        if (timeout.toMillis() < 1 || timeout.toMillis() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("timeout " + timeout + " is not from 1 ms to 24 days");
        }
        if (most < 1) {
            throw new IllegalArgumentException("connections: " + most + ", must be at least 1");
        }
        Duration connect = timeout.compareTo(LONGEST_CONNECT) < 0 ? timeout : LONGEST_CONNECT;
        this.rotation = new Rotation(Addresses.servers(Objects.requireNonNull(address, "address"), connect));
        this.timeout = timeout;
        this.most = most;
        this.connections = new Semaphore(most);
        this.timing = timing;
    }

    /**
     * A client of an address like {@code localhost:3772} or {@code [::1]:3772} (DRPC; without a port, the default one),
     * {@code drpc://host:3772,host2:3772}, or {@code http://host:2546}.
     *
     * @param timeout of one question in all
     * @throws IllegalArgumentException when it is none
     */
    public static TidemarkClient of(String address, Duration timeout) {
        return new TidemarkClient(address, timeout, DEFAULT_CONNECTIONS, Timing.NONE);
    }

    /**
     * The same.
     *
     * @param most questions under way at the same time; others wait for them, within their time-outs
     */
    public static TidemarkClient of(String address, Duration timeout, int most) {
        return new TidemarkClient(address, timeout, most, Timing.NONE);
    }

    /** {@code host:port} of all servers, with commas between. */
    public String address() {
        return rotation.servers().stream().map(Server::address).collect(Collectors.joining(","));
    }

    /** How long a question may take. */
    public Duration timeout() {
        return timeout;
    }

    /**
     * The counts of some categories, or of all when nothing is asked for.
     *
     * @param words {@code bot human}, {@code action:edit}, or the JSON of a question
     * @return the answer's JSON; an error is an answer too
     * @throws TidemarkClientException when no answer was got
     */
    public String counts(String words) {
        return ask("counts", words);
    }

    /** How the stream is: mark, lag, accounts. Otherwise like {@link #counts}. */
    public String status(String words) {
        return ask("status", words);
    }

    /**
     * Asks any function of the stream's topology.
     *
     * @return the answer's JSON, which echoes the question
     * @throws TidemarkClientException when no answer was got
     * @throws IllegalStateException when this client is closed
     */
    public String ask(String function, String arguments) {
        return ask(function, arguments, Deadline.in(timeout));
    }

    String ask(String function, String arguments, Deadline deadline) {
        if (closed) {
            throw new IllegalStateException("this client of " + address() + " is closed");
        }
        String question = arguments == null ? "" : arguments;
        return timing.time(function, () -> {
            enter(function, deadline);
            try {
                return tryEach(function, question, deadline);
            } finally {
                connections.release();
            }
        });
    }

    private void enter(String function, Deadline deadline) {
        boolean entered;
        try {
            entered = connections.tryAcquire(deadline.leftMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AnswerTimedOutException("interrupted before \"" + function + "\" was asked", e);
        }
        if (!entered) {
            throw new AnswerTimedOutException(
                    "\"" + function + "\" was not asked: " + most + " questions have been under way to " + address()
                            + " for " + deadline.timeout().toMillis() + " ms",
                    null);
        }
    }

    private String tryEach(String function, String question, Deadline deadline) {
        TidemarkClientException last = null;
        List<Server> order = rotation.order();
        for (int i = 0; i < order.size() && (i == 0 || !deadline.isOver()); i++) {
            Server server = order.get(i);
            try {
                String answer = server.ask(function, question, deadline, connectMillis(deadline, order.size() - i));
                checkEcho(server, function, question, answer);
                rotation.answered(server);
                return answer;
            } catch (ServiceUnreachableException | ServiceBusyException | StrayAnswerException e) {
                rotation.failed(server);
                last = later(e, last);
            } catch (AnswerTimedOutException e) {
                // There is no time left for another, but the next question begins with one.
                rotation.failed(server);
                throw e;
            }
        }
        throw last;
    }

    /** Nobody connects for so long that there is no time left for the others. */
    private static int connectMillis(Deadline deadline, int serversLeft) {
        return (int) Math.min(LONGEST_CONNECT.toMillis(), Math.max(1, deadline.leftMillis() / serversLeft));
    }

    private static TidemarkClientException later(TidemarkClientException e, TidemarkClientException before) {
        if (before != null) {
            e.addSuppressed(before);
        }
        return e;
    }

    private static void checkEcho(Server server, String function, String question, String answer) {
        JsonNode echo;
        try {
            echo = answer == null ? null : JSON.readTree(answer).get("query");
        } catch (JsonProcessingException e) {
            throw new StrayAnswerException(
                    "the answer to \"" + function + "\" from " + server.address() + " is no JSON: " + shortened(answer),
                    e);
        }
        if (echo == null || !question.equals(echo.isTextual() ? echo.textValue() : echo.toString())) {
            throw new StrayAnswerException(
                    "the answer from " + server.address() + " belongs to another question: asked \""
                            + shortened(question) + "\", answered \""
                            + (echo == null ? "" : shortened(echo.asText())) + "\". Ask again.",
                    null);
        }
    }

    private static String shortened(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "...";
    }

    /** Closes the connections that are not in use; those in use close when their answer has come. */
    @Override
    public void close() {
        closed = true;
        rotation.servers().forEach(Server::close);
    }
}
