package io.tidemark.trident;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.storm.Config;
import org.apache.storm.generated.DRPCExceptionType;
import org.apache.storm.generated.DRPCExecutionException;
import org.apache.storm.generated.DRPCRequest;
import org.apache.storm.generated.DistributedRPCInvocations;
import org.apache.storm.security.auth.ThriftClient;
import org.apache.storm.security.auth.ThriftConnectionType;
import org.apache.storm.thrift.TException;

/** Questions to a DRPC server somewhere else, by Storm's own protocol and with the cluster's own authentication. */
final class RemoteQuestions implements Questions {
    /** A server that does not react for so long is left and tried anew. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** A server by its address. */
    record Server(Map<String, Object> stormConfig, String host, int port) implements Questions.Server {
        @Override
        public Questions connect() {
            return new RemoteQuestions(stormConfig, host, port);
        }

        @Override
        public String name() {
            return host + ":" + port;
        }
    }

    /** Storm's own connection, whose protocol only its heirs see. */
    private static final class Connection extends ThriftClient {
        Connection(Map<String, Object> stormConfig, String host, int port) {
            super(stormConfig, ThriftConnectionType.DRPC_INVOCATIONS, host, port, Math.toIntExact(PATIENCE.toMillis()));
        }

        DistributedRPCInvocations.Client client() {
            return new DistributedRPCInvocations.Client(protocol);
        }
    }

    private final Connection connection;
    private final DistributedRPCInvocations.Client server;

    private RemoteQuestions(Map<String, Object> stormConfig, String host, int port) {
        Map<String, Object> once = new HashMap<>(stormConfig);
        // Storm would try for minutes before it says that the server is not there.
        once.put(Config.STORM_NIMBUS_RETRY_TIMES, 0);
        once.put(Config.STORM_NIMBUS_RETRY_INTERVAL, 1);
        once.put(Config.STORM_NIMBUS_RETRY_INTERVAL_CEILING, 1);
        connection = new Connection(once, host, port);
        server = connection.client();
    }

    @Override
    public DRPCRequest next(String function) throws TException {
        return server.fetchRequest(function);
    }

    @Override
    public void answer(String id, String answer) throws TException {
        server.result(id, answer);
    }

    @Override
    public void fail(String id, String why) throws TException {
        server.failRequestV2(id, failure(why));
    }

    static DRPCExecutionException failure(String why) {
        DRPCExecutionException failure = new DRPCExecutionException(why);
        failure.set_type(DRPCExceptionType.FAILED_REQUEST);
        return failure;
    }

    @Override
    public void close() {
        connection.close();
    }
}
