package io.tidemark.app.child;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.storm.Config;
import org.apache.storm.DaemonConfig;
import org.apache.storm.ILocalDRPC;
import org.apache.storm.daemon.drpc.DRPC;
import org.apache.storm.daemon.drpc.DRPCThrift;
import org.apache.storm.generated.AuthorizationException;
import org.apache.storm.generated.DRPCExecutionException;
import org.apache.storm.generated.DRPCRequest;
import org.apache.storm.generated.DistributedRPC;
import org.apache.storm.generated.DistributedRPCInvocations;
import org.apache.storm.metric.StormMetricsRegistry;
import org.apache.storm.security.auth.ThriftConnectionType;
import org.apache.storm.security.auth.ThriftServer;
import org.apache.storm.thrift.TException;
import org.apache.storm.utils.ServiceRegistry;
import org.apache.storm.utils.Utils;

/**
 * A real Thrift DRPC server: callers reach it over the network; the topology, by the service id, in memory where it runs
 * in the same JVM, and over a second port where it does not.
 */
final class DrpcServer implements ILocalDRPC {
    /** A request that is not answered after so long fails; Storm looks every half of it. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(4);

    private static final int THREADS = 64;
    private static final int QUEUE = 128;
    private static final int LARGEST_MESSAGE = 16 << 20;

    private final DRPC drpc;
    private final String serviceId;
    private final List<ThriftServer> servers = new ArrayList<>();

    /** Adds to the status what only this machine can know: the disk use of the service. */
    private static final class WithDiskUse extends DRPCThrift {
        private final DiskUse disk;

        WithDiskUse(DRPC drpc, DiskUse disk) {
            super(drpc);
            this.disk = disk;
        }

        @Override
        public String execute(String function, String arguments) throws DRPCExecutionException, AuthorizationException {
            String answer = super.execute(function, arguments);
            return function.equals("status") ? disk.addTo(answer) : answer;
        }
    }

    /** Answered in this JVM. @param data folder of the service */
    DrpcServer(int port, Path data) {
        this(port, 0, data);
    }

    /**
     * @param invocationsPort where workers of other JVMs take questions and give answers; 0 for none
     * @param data folder of the service
     */
    DrpcServer(int port, int invocationsPort, Path data) {
        drpc = new DRPC(new StormMetricsRegistry(), null, REQUEST_TIMEOUT.toMillis());
        DRPCThrift functions = new WithDiskUse(drpc, new DiskUse(data));
        serviceId = ServiceRegistry.registerService(functions);
        Map<String, Object> conf = Utils.readDefaultConfig();
        conf.put(Config.DRPC_PORT, port);
        conf.put(Config.DRPC_THRIFT_TRANSPORT_PLUGIN, LoopbackTransport.class.getName());
        conf.put(Config.DRPC_WORKER_THREADS, THREADS);
        conf.put(Config.DRPC_QUEUE_SIZE, QUEUE);
        conf.put(Config.DRPC_MAX_BUFFER_SIZE, LARGEST_MESSAGE);
        conf.put(DaemonConfig.DRPC_REQUEST_TIMEOUT_SECS, (int) REQUEST_TIMEOUT.toSeconds());
        serve(new ThriftServer(conf, new DistributedRPC.Processor<>(functions), ThriftConnectionType.DRPC));
        if (invocationsPort != 0) {
            conf.put(Config.DRPC_INVOCATIONS_PORT, invocationsPort);
            conf.put(Config.DRPC_INVOCATIONS_THRIFT_TRANSPORT_PLUGIN, LoopbackTransport.class.getName());
            serve(new ThriftServer(
                    conf, new DistributedRPCInvocations.Processor<>(functions), ThriftConnectionType.DRPC_INVOCATIONS));
        }
    }

    private void serve(ThriftServer server) {
        servers.add(server);
        Thread thread = new Thread(server::serve, "drpc-server");
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether callers, and workers where they are wanted, can connect. */
    boolean isServing() {
        return servers.stream().allMatch(ThriftServer::isServing);
    }

    @Override
    public String getServiceId() {
        return serviceId;
    }

    @Override
    public String execute(String function, String arguments)
            throws DRPCExecutionException, AuthorizationException, TException {
        return drpc.executeBlocking(function, arguments);
    }

    @Override
    public void result(String id, String result) throws AuthorizationException, TException {
        drpc.returnResult(id, result);
    }

    @Override
    public DRPCRequest fetchRequest(String function) throws AuthorizationException, TException {
        return drpc.fetchRequest(function);
    }

    @Override
    public void failRequest(String id) throws AuthorizationException, TException {
        drpc.failRequest(id, null);
    }

    @Override
    public void failRequestV2(String id, DRPCExecutionException e) throws AuthorizationException, TException {
        drpc.failRequest(id, e);
    }

    @Override
    public void close() {
        servers.forEach(ThriftServer::stop);
        ServiceRegistry.unregisterService(serviceId);
        drpc.close();
    }

    @Override
    @Deprecated
    public void shutdown() {
        close();
    }
}
