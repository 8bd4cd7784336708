package io.tidemark.app.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.storm.Config;
import org.apache.storm.LocalCluster;
import org.apache.storm.generated.StormTopology;
import org.apache.storm.shade.org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.storm.shade.org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.storm.testing.TestWordSpout;
import org.apache.storm.topology.TopologyBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A local cluster whose ZooKeeper sessions expired, since it stood still for too long. */
class LocalTopologiesFaultIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration FOR_GOOD = Duration.ofSeconds(1);
    private static final int TICK_MS = 2_000;
    private static final String LEADER_LOCK = "/storm/leader-lock";

    @TempDir
    Path folder;

    @Test
    void nimbusLeadsAgainAfterItsSessionExpired() throws Exception {
        ZooKeeperServer zooKeeper = new ZooKeeperServer(folder.toFile(), folder.toFile(), TICK_MS);
        NIOServerCnxnFactory connections = new NIOServerCnxnFactory();
        connections.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        connections.startup(zooKeeper);
        LocalCluster cluster = new LocalCluster.Builder()
                .withSupervisors(0)
                .withDaemonConf(Config.STORM_ZOOKEEPER_SERVERS, List.of("127.0.0.1"))
                .withDaemonConf(Config.STORM_ZOOKEEPER_PORT, connections.getLocalPort())
                .withDaemonConf(Config.STORM_LOCAL_HOSTNAME, "127.0.0.1")
                .build();
        try {
            LocalTopologies topologies = new LocalTopologies(cluster);
            topologies.submit("first", Map.of(), topology());
            Set<String> before = leaders(zooKeeper);
            assertThat(before).hasSize(1);
            for (Long session : List.copyOf(zooKeeper.getSessionTracker().globalSessions())) {
                zooKeeper.closeSession(session);
            }
            // Who gives the lead up does so within milliseconds after it was elected, and for good.
            await("leads again, and goes on to").during(FOR_GOOD).atMost(SOON).until(() -> {
                Set<String> now = leaders(zooKeeper);
                return !now.isEmpty() && !now.equals(before);
            });
            // Only a leader takes it.
            topologies.submit("second", Map.of(), topology());
        } finally {
            cluster.close();
            connections.shutdown();
        }
    }

    private static StormTopology topology() {
        TopologyBuilder builder = new TopologyBuilder();
        builder.setSpout("words", new TestWordSpout());
        return builder.createTopology();
    }

    /** Those that stand in the queue for leadership. */
    private static Set<String> leaders(ZooKeeperServer zooKeeper) {
        return Set.copyOf(zooKeeper.getZKDatabase().getNode(LEADER_LOCK).getChildren());
    }
}
