package io.tidemark.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.BinaryOperator;
import org.apache.storm.generated.DistributedRPC;
import org.apache.storm.thrift.protocol.TBinaryProtocol;
import org.apache.storm.thrift.server.THsHaServer;
import org.apache.storm.thrift.transport.TNonblockingServerSocket;
import org.apache.storm.thrift.transport.TTransportException;

/** Speaks Storm's DRPC as the real server does, and answers what a test says. */
final class FakeDrpcServer implements AutoCloseable {
    private final THsHaServer server;
    private final Thread thread;
    private final int port;

    /** @param answer to a function and its arguments */
    FakeDrpcServer(int port, BinaryOperator<String> answer) throws TTransportException {
        TNonblockingServerSocket socket =
                new TNonblockingServerSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        this.port = socket.getPort();
        DistributedRPC.Iface functions = answer::apply;
        server = new THsHaServer(new THsHaServer.Args(socket)
                .processor(new DistributedRPC.Processor<>(functions))
                .protocolFactory(new TBinaryProtocol.Factory(false, true))
                .maxWorkerThreads(16));
        thread = new Thread(server::serve, "fake-drpc");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        server.stop();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
