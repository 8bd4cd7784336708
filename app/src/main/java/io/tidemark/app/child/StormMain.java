package io.tidemark.app.child;

import io.tidemark.app.service.Backfills;
import io.tidemark.app.service.DataFolder;
import io.tidemark.stream.BundledStreams;
import io.tidemark.stream.Deployment;
import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import io.tidemark.trident.TidemarkTopology;
import io.tidemark.trident.TopologySettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.storm.Config;
import org.apache.storm.LocalCluster;
import org.apache.storm.shade.org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.storm.shade.org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.storm.thrift.TException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Storm in one JVM: ZooKeeper, Nimbus and a supervisor of the local cluster, a real DRPC server, the topology. One
 * argument: the file of its {@link StormSettings}. Says {@code @up} when the cluster stands, waits for {@code go},
 * says {@code @ready} when the topology is submitted. When anything in it dies, all of it does: the service starts it
 * again, and what was counted stands in Redis.
 */
public final class StormMain {
    private static final Logger LOG = LoggerFactory.getLogger(StormMain.class);
    private static final String TOPOLOGY = "tidemark";
    private static final int ZOOKEEPER_TICK_MS = 2000;

    /** Streams that are counted beside those that it was started with. */
    private static final int MORE_TOPOLOGIES = 3;

    private StormMain() {}

    public static void main(String[] args) {
        AtomicReference<LocalCluster> running = new AtomicReference<>();
        ParentWatch service = ParentWatch.begin(() -> deactivate(running.get()));
        // This ZooKeeper begins anew at each start, and each batch would wait for the disk four times.
        System.setProperty("zookeeper.forceSync", "no");
        try {
            StormSettings settings = StormSettings.read(Path.of(args[0]));
            DrpcServer drpc = new DrpcServer(settings.drpcPort(), Path.of(settings.data()));
            int zookeeperPort = startZooKeeper(Path.of(settings.scratch(), "zookeeper"));
            LocalCluster cluster = new LocalCluster.Builder()
                    .withSupervisors(1)
                    .withPortsPerSupervisor(1 + MORE_TOPOLOGIES)
                    .withDaemonConf(Config.STORM_ZOOKEEPER_SERVERS, List.of("127.0.0.1"))
                    .withDaemonConf(Config.STORM_ZOOKEEPER_PORT, zookeeperPort)
                    .withDaemonConf(Config.STORM_LOCAL_HOSTNAME, "127.0.0.1")
                    // The builder switches them off otherwise.
                    .withDaemonConf(Config.TOPOLOGY_ENABLE_MESSAGE_TIMEOUTS, true)
                    .build();
            running.set(cluster);
            service.say("up");
            service.awaitGo();
            List<StreamConfig> streams = streams(settings);
            TopologySettings settled = TopologySettings.of(settings.kafka(), settings.redisAddress());
            TopologySettings topology = settled.with(Deployment.together(streams));
            LocalTopologies topologies = new LocalTopologies(cluster);
            topologies.submit(
                    TOPOLOGY, TidemarkTopology.stormConfig(topology), TidemarkTopology.build(streams, topology, drpc));
            service.say("ready");
            List<String> names = streams.stream().map(StreamConfig::name).toList();
            Backfills backfills = new Backfills(new DataFolder(Path.of(settings.data())));
            new MoreStreams(topologies, settled, drpc, backfills, names).watch();
        } catch (Exception e) { // LocalCluster declares no less.
            LOG.error("Storm does not start", e);
            Runtime.getRuntime().halt(1);
        }
    }

    private static List<StreamConfig> streams(StormSettings settings) throws IOException {
        if (settings.configurations().isEmpty()) {
            return List.of(BundledStreams.wikipedia());
        }
        List<StreamConfig> streams = new ArrayList<>();
        for (String file : settings.configurations()) {
            Path path = Path.of(file);
            streams.add(StreamConfigReader.read(
                    Files.readString(path), path.toAbsolutePath().getParent()));
        }
        return streams;
    }

    private static int startZooKeeper(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        NIOServerCnxnFactory factory = new NIOServerCnxnFactory();
        factory.configure(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        factory.startup(new ZooKeeperServer(folder.toFile(), folder.toFile(), ZOOKEEPER_TICK_MS));
        return factory.getLocalPort();
    }

    /** No new batches; whatever is under way may be cut off, since only commits count. */
    private static void deactivate(LocalCluster cluster) {
        if (cluster == null) {
            return;
        }
        try {
            cluster.deactivate(TOPOLOGY);
        } catch (TException e) {
            LOG.info("the topology was not there to be deactivated: {}", e.toString());
        }
    }
}
