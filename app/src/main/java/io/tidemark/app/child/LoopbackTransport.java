package io.tidemark.app.child;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.storm.security.auth.SimpleTransportPlugin;
import org.apache.storm.security.auth.ThriftConnectionType;
import org.apache.storm.thrift.TProcessor;
import org.apache.storm.thrift.protocol.TBinaryProtocol;
import org.apache.storm.thrift.server.THsHaServer;
import org.apache.storm.thrift.server.TServer;
import org.apache.storm.thrift.transport.TNonblockingServerSocket;
import org.apache.storm.thrift.transport.TTransportException;

/**
 * Storm's plain Thrift transport, listening on the loopback address only: Storm's own listens on all interfaces. What
 * it accepts is bounded: requests beyond the queue lose their connection.
 */
public final class LoopbackTransport extends SimpleTransportPlugin {
    /** For kinds of servers whose queue Storm does not bound. */
    private static final int DEFAULT_QUEUE = 1_000;

    private ThriftConnectionType connectionType;
    private Map<String, Object> configuration;
    private int boundPort;

    @Override
    public void prepare(ThriftConnectionType type, Map<String, Object> conf) {
        super.prepare(type, conf);
        connectionType = type;
        configuration = conf;
    }

    @Override
    public TServer getServer(TProcessor processor) throws IOException, TTransportException {
        TNonblockingServerSocket socket = new TNonblockingServerSocket(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), connectionType.getPort(configuration)));
        boundPort = socket.getPort();
        int threads = connectionType.getNumThreads(configuration);
        int largest = connectionType.getMaxBufferSize(configuration);
        Integer queue = connectionType.getQueueSize(configuration);
        THsHaServer.Args args = new THsHaServer.Args(socket)
                .processor(processor)
                .protocolFactory(new TBinaryProtocol.Factory(false, true, largest, -1))
                .executorService(new ThreadPoolExecutor(
                        threads,
                        threads,
                        60,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(queue == null ? DEFAULT_QUEUE : queue)));
        args.maxReadBufferBytes = largest;
        return new THsHaServer(args);
    }

    @Override
    public int getPort() {
        return boundPort;
    }
}
