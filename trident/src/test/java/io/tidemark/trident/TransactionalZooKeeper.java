package io.tidemark.trident;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.storm.shade.org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.storm.shade.org.apache.zookeeper.server.ZooKeeperServer;

/** Where Trident keeps what a batch is: it outlives the workers. */
final class TransactionalZooKeeper implements AutoCloseable {
    private static final int TICK_MS = 2_000;

    private final NIOServerCnxnFactory factory;
    private final ZooKeeperServer server;

    TransactionalZooKeeper(Path folder) {
        try {
            Files.createDirectories(folder);
            server = new ZooKeeperServer(folder.toFile(), folder.toFile(), TICK_MS);
            factory = new NIOServerCnxnFactory();
            factory.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            factory.startup(server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    int port() {
        return factory.getLocalPort();
    }

    @Override
    public void close() {
        factory.shutdown();
        server.shutdown();
    }
}
