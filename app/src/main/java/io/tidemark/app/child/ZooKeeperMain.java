package io.tidemark.app.child;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.storm.shade.org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.storm.shade.org.apache.zookeeper.server.ZooKeeperServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** ZooKeeper alone. Arguments: its port, its folder. Says {@code @ready} when it takes connections. */
public final class ZooKeeperMain {
    private static final Logger LOG = LoggerFactory.getLogger(ZooKeeperMain.class);
    private static final int TICK_MS = 1000;
    private static final int LONGEST_SESSION_MS = 60_000;

    private ZooKeeperMain() {}

    public static void main(String[] args) {
        ParentWatch service = ParentWatch.begin(() -> {});
        // What the system has taken survives the end of the process; nothing here has to survive more.
        System.setProperty("zookeeper.forceSync", "no");
        try {
            Path folder = Path.of(args[1]);
            Files.createDirectories(folder);
            ZooKeeperServer server = new ZooKeeperServer(folder.toFile(), folder.toFile(), TICK_MS);
            server.setMaxSessionTimeout(LONGEST_SESSION_MS);
            NIOServerCnxnFactory factory = new NIOServerCnxnFactory();
            factory.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), 0);
            factory.startup(server);
            service.say("ready");
            factory.join();
        } catch (IOException e) {
            LOG.error("ZooKeeper does not start", e);
            Runtime.getRuntime().halt(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
