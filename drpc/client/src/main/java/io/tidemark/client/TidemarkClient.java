package io.tidemark.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.apache.storm.Config;
import org.apache.storm.generated.DRPCExecutionException;
import org.apache.storm.security.auth.SimpleTransportPlugin;
import org.apache.storm.thrift.TException;
import org.apache.storm.thrift.transport.TTransportException;
import org.apache.storm.utils.DRPCClient;

/**
 * Asks a running stream. It keeps connections open, opens one anew when it broke, and asks once more then: questions
 * change nothing, so asking twice is safe. An answer that does not echo its question is thrown away, because a DRPC
 * server that was restarted gives its request ids out again, and an answer can reach a stranger. Thread-safe: callers
 * at the same time use connections of their own.
 */
public final class TidemarkClient implements AutoCloseable {
    /** How long a question may take unless told otherwise. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(3);

    /** Port of Storm's DRPC server unless told otherwise. */
    public static final int DEFAULT_PORT = 3772;

    private static final int LARGEST_ANSWER = 64 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String host;
    private final int port;
    private final Duration timeout;
    private final ConcurrentLinkedDeque<DRPCClient> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    /** With the default time-out. */
    public TidemarkClient(String host, int port) {
        this(host, port, DEFAULT_TIMEOUT);
    }

    /**
     * Opens no connection yet.
     *
     * @param timeout of one question, for connecting and for the answer each; at least 1 ms
     */
    public TidemarkClient(String host, int port, Duration timeout) {
        this.host = Objects.requireNonNull(host, "host");
        this.port = port;
        this.timeout = timeout;
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not from 1 to 65535");
        }
        if (timeout.toMillis() < 1 || timeout.toMillis() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("timeout " + timeout + " is not from 1 ms to 24 days");
        }
    }

    /**
     * Host and port of text like {@code localhost:3772} or {@code [::1]:3772}; without a port, the default one.
     *
     * @throws IllegalArgumentException when it is neither
     */
    public static TidemarkClient of(String address, Duration timeout) {
        int colon = address.lastIndexOf(':');
        boolean hasPort = colon >= 0 && colon > address.lastIndexOf(']') && address.indexOf(':') == colon
                || address.startsWith("[") && colon > address.lastIndexOf(']');
        String host = hasPort ? address.substring(0, colon) : address;
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isBlank()) {
            throw new IllegalArgumentException("\"" + address + "\" is not HOST:PORT");
        }
        try {
            int port = hasPort ? Integer.parseInt(address.substring(colon + 1)) : DEFAULT_PORT;
            return new TidemarkClient(host, port, timeout);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + address + "\" is not HOST:PORT", e);
        }
    }

    public String address() {
        return host + ":" + port;
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
        String answer = TridentResult.unwrap(execute(function, arguments));
        checkEcho(function, arguments, answer);
        return answer;
    }

    private String execute(String function, String arguments) {
        DRPCClient kept = idle.pollFirst();
        if (kept != null) {
            try {
                return executeOn(kept, function, arguments);
            } catch (TTransportException e) {
                if (isTimeout(e)) {
                    throw timedOut(function, e);
                }
                // It broke since it was last used, as it does when the server is restarted: once more on a new one.
            }
        }
        DRPCClient fresh = open();
        try {
            return executeOn(fresh, function, arguments);
        } catch (TTransportException e) {
            throw isTimeout(e) ? timedOut(function, e) : unreachable(e);
        }
    }

    private String executeOn(DRPCClient connection, String function, String arguments) throws TTransportException {
        boolean usable = false;
        try {
            String answer = connection.execute(function, arguments);
            usable = true;
            return answer;
        } catch (DRPCExecutionException e) {
            usable = true;
            throw new AnswerTimedOutException(
                    "the DRPC server at " + address() + " got no answer to \"" + function + "\" from the topology: "
                            + e.get_msg() + ". It may be starting or starting again; try again in a few seconds.",
                    e);
        } catch (TTransportException e) {
            throw e;
        } catch (TException e) {
            throw new StrayAnswerException(
                    "what listens at " + address() + " does not speak Storm's DRPC: " + e.getMessage(), e);
        } finally {
            if (usable && !closed) {
                idle.addFirst(connection);
            } else {
                connection.close();
            }
        }
    }

    private DRPCClient open() {
        if (closed) {
            throw new IllegalStateException("this client of " + address() + " is closed");
        }
        Map<String, Object> conf = new HashMap<>();
        conf.put(Config.STORM_THRIFT_TRANSPORT_PLUGIN, SimpleTransportPlugin.class.getName());
        conf.put(Config.DRPC_MAX_BUFFER_SIZE, LARGEST_ANSWER);
        conf.put(Config.STORM_NIMBUS_RETRY_TIMES, 0);
        conf.put(Config.STORM_NIMBUS_RETRY_INTERVAL, 1);
        conf.put(Config.STORM_NIMBUS_RETRY_INTERVAL_CEILING, 1);
        try {
            return new DRPCClient(conf, host, port, (int) timeout.toMillis());
        } catch (TTransportException e) {
            throw unreachable(e);
        } catch (RuntimeException e) {
            // Storm wraps what its connecting threw.
            throw unreachable(e);
        }
    }

    private ServiceUnreachableException unreachable(Exception cause) {
        return new ServiceUnreachableException(
                "nothing answers at " + address() + " (" + rootMessage(cause) + ")", cause);
    }

    private AnswerTimedOutException timedOut(String function, Exception cause) {
        return new AnswerTimedOutException(
                "no answer to \"" + function + "\" from " + address() + " within " + timeout.toMillis()
                        + " ms. The topology may be starting or busy; try again in a few seconds.",
                cause);
    }

    private static boolean isTimeout(TTransportException e) {
        return e.getType() == TTransportException.TIMED_OUT || e.getCause() instanceof SocketTimeoutException;
    }

    private static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root instanceof ConnectException
                ? "connection refused"
                : root.getClass().getSimpleName() + ": " + root.getMessage();
    }

    private void checkEcho(String function, String arguments, String answer) {
        String question = arguments == null ? "" : arguments;
        JsonNode echo;
        try {
            echo = answer == null ? null : JSON.readTree(answer).get("query");
        } catch (JsonProcessingException e) {
            throw new StrayAnswerException(
                    "the answer to \"" + function + "\" from " + address() + " is no JSON: " + shortened(answer), e);
        }
        if (echo == null || !question.equals(echo.isTextual() ? echo.textValue() : echo.toString())) {
            throw new StrayAnswerException(
                    "the answer from " + address() + " belongs to another question: asked \"" + shortened(question)
                            + "\", answered \"" + (echo == null ? "" : shortened(echo.asText())) + "\". Ask again.",
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
        for (DRPCClient connection = idle.pollFirst(); connection != null; connection = idle.pollFirst()) {
            connection.close();
        }
    }
}
