package io.tidemark.bench.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.storm.shade.org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.storm.shade.org.apache.zookeeper.server.ZooKeeperServer;

/** Where Trident keeps what a batch is: it outlives the workers, and can be lost. */
final class TransactionalZooKeeper implements AutoCloseable {
    private static final int TICK_MS = 2_000;

    private final Path folder;
    private int lives;
    private int port;
    private NIOServerCnxnFactory factory;
    private ZooKeeperServer server;

    TransactionalZooKeeper(Path folder) {
        this.folder = folder;
        start();
    }

    int port() {
        return port;
    }

    /** Everything in it is lost. */
    void lose() {
        close();
        start();
    }

    private void start() {
        try {
            Path data = Files.createDirectories(folder.resolve(Integer.toString(lives++)));
            server = new ZooKeeperServer(data.toFile(), data.toFile(), TICK_MS);
            factory = new NIOServerCnxnFactory();
            factory.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            factory.startup(server);
            port = factory.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        factory.shutdown();
        server.shutdown();
    }
}
