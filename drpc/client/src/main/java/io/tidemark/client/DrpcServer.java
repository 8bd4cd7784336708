package io.tidemark.client;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.apache.storm.generated.DRPCExecutionException;
import org.apache.storm.generated.DistributedRPC;
import org.apache.storm.thrift.TConfiguration;
import org.apache.storm.thrift.TException;
import org.apache.storm.thrift.protocol.TBinaryProtocol;
import org.apache.storm.thrift.transport.TSocket;
import org.apache.storm.thrift.transport.TTransport;
import org.apache.storm.thrift.transport.TTransportException;
import org.apache.storm.thrift.transport.layered.TFramedTransport;

/**
 * A DRPC server, asked with Storm's own Thrift client. Connections are kept; one that broke since it was last used, as
 * it does when the server is restarted, is opened anew and asked once more: questions change nothing.
 */
final class DrpcServer implements Server {
    private static final int LARGEST_ANSWER = 64 << 20;
    private static final int DEPTH = 64;

    private final String host;
    private final int port;
    private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    DrpcServer(String host, int port) {
        this.host = host;
        this.port = port;
    }

    private record Connection(TSocket socket, TTransport transport, DistributedRPC.Client client) {
        void close() {
            transport.close();
        }
    }

    @Override
    public String address() {
        return host + ":" + port;
    }

    @Override
    public String ask(String function, String arguments, Deadline deadline, int connectMillis) {
        Connection kept = idle.pollFirst();
        if (kept != null) {
            try {
                return askOn(kept, function, arguments, deadline);
            } catch (TTransportException e) {
                if (isTimeout(e) || deadline.isOver()) {
                    throw timedOut(function, deadline, e);
                }
                forgetIdle();
            }
        }
        try {
            return askOn(open(connectMillis), function, arguments, deadline);
        } catch (TTransportException e) {
            throw isTimeout(e) ? timedOut(function, deadline, e) : unreachable(e);
        }
    }

    private String askOn(Connection connection, String function, String arguments, Deadline deadline)
            throws TTransportException {
        boolean usable = false;
        try {
            connection.socket().setSocketTimeout(Math.max(1, deadline.leftMillis()));
            String answer = connection.client().execute(function, arguments);
            usable = true;
            return TridentResult.unwrap(answer);
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
                // Closed, so that an answer that comes late reaches nobody.
                connection.close();
            }
        }
    }

    private Connection open(int connectMillis) {
        try {
            TConfiguration limits = new TConfiguration(LARGEST_ANSWER, LARGEST_ANSWER, DEPTH);
            TSocket socket = new TSocket(limits, host, port, Math.max(1, connectMillis));
            TTransport framed = new TFramedTransport(socket, LARGEST_ANSWER);
            framed.open();
            return new Connection(socket, framed, new DistributedRPC.Client(new TBinaryProtocol(framed)));
        } catch (TTransportException e) {
            throw unreachable(e);
        }
    }

    private void forgetIdle() {
        for (Connection connection = idle.pollFirst(); connection != null; connection = idle.pollFirst()) {
            connection.close();
        }
    }

    private ServiceUnreachableException unreachable(Exception cause) {
        return new ServiceUnreachableException(
                "nothing answers at " + address() + " (" + rootMessage(cause) + ")", cause);
    }

    private AnswerTimedOutException timedOut(String function, Deadline deadline, Exception cause) {
        return new AnswerTimedOutException(
                "no answer to \"" + function + "\" from " + address() + " within "
                        + deadline.timeout().toMillis()
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
        if (root instanceof ConnectException) {
            return "connection refused";
        }
        return root instanceof SocketTimeoutException
                ? "no connection in time"
                : root.getClass().getSimpleName() + ": " + root.getMessage();
    }

    @Override
    public void close() {
        closed = true;
        forgetIdle();
    }
}
