package io.tidemark.app;

import io.tidemark.app.cluster.ClusterInfo;
import io.tidemark.app.cluster.ClusterOptions;
import io.tidemark.app.cluster.StormCluster;
import io.tidemark.app.demo.DemoEvents;
import io.tidemark.app.feed.DemoFeed;
import io.tidemark.app.service.DataFolder;
import io.tidemark.app.service.ServiceInfo;
import io.tidemark.app.service.ServiceInfo.StreamInfo;
import io.tidemark.app.show.LiveView;
import io.tidemark.client.TidemarkClient;
import io.tidemark.stream.StreamConfig;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark cluster up}: starts the cluster, submits the topology, shows the counts until it is told to stop. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        header = "Starts the cluster and submits the topology.",
        description = "Needs about 1.5 GB of memory. Ctrl-C, SIGTERM or tidemark cluster down stops all of it; started "
                + "again it goes on where it was.")
final class ClusterUpCommand implements Callable<Integer> {
    /** A third of a batch must fit into a worker's heap with room to spare. */
    private static final int WORKER_HEAP_MB = 384;

    private static final Duration TO_LAUNCH = Duration.ofSeconds(60);
    private static final int BATCH_RECORDS = 50_000;

    @Mixin
    private DataOption data;

    @Mixin
    private OwnServers own;

    @Option(
            names = "--feed",
            paramLabel = "demo|none",
            converter = FeedChoice.Reader.class,
            description = "demo sends invented edits, none sends nothing (default: demo; none with --config).")
    private FeedChoice feed;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration of a stream; repeatable. Without it, the bundled Wikipedia stream is counted.")
    private List<Path> configurations = List.of();

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "2",
            description = "Worker processes, at most 6 (default: ${DEFAULT-VALUE}).")
    private int workers;

    @Option(
            names = "--emitters",
            paramLabel = "N",
            defaultValue = "2",
            description = "Tasks that read Kafka, of each stream (default: ${DEFAULT-VALUE}).")
    private int emitters;

    @Option(
            names = "--parsers",
            paramLabel = "N",
            defaultValue = "2",
            description = "Tasks that parse and count, of each stream (default: ${DEFAULT-VALUE}).")
    private int parsers;

    @Override
    public Integer call() throws InterruptedException {
        List<StreamConfig> configured = Streams.of(configurations);
        DataFolder folder = data.folder();
        folder.create();
        Logs.toFile(folder, "service");
        PrintStream out = System.out;
        List<StreamInfo> streams = configured.stream()
                .map(config -> new StreamInfo(config.name(), config.topic()))
                .toList();
        ClusterOptions options = new ClusterOptions(
                own.kafkaPort(), own.redisPort(), own.drpcPort(), own.retentionBytes(), WORKER_HEAP_MB, TO_LAUNCH);
        out.println("Tidemark " + Version.text() + " on a Storm cluster, data in " + folder.path());
        StormCluster cluster = StormCluster.start(folder, options, streams, out::println);
        UntilStopped running = new UntilStopped(out, List.of(cluster::close));
        try {
            out.println("Starting Kafka, Redis, ZooKeeper, Nimbus, 2 supervisors, DRPC ...");
            out.flush();
            cluster.awaitReady();
            out.println("Submitting the topology, as storm jar does ...");
            out.flush();
            cluster.submit(submitOptions());
        } catch (CommandFailedException e) {
            running.stop();
            throw e;
        }
        introduce(out, folder, cluster);
        if (isDemo()) {
            running.feed(new DemoFeed(cluster.info().kafka(), streams.get(0).topic(), System.nanoTime() & 0xffffff));
        }
        try (TidemarkClient client = TidemarkClient.of(cluster.info().drpc(), TidemarkClient.DEFAULT_TIMEOUT)) {
            new LiveView(client, out).showUntil(running::isStopping);
        }
        return running.awaitStopped();
    }

    private List<String> submitOptions() {
        List<String> all = new ArrayList<>(List.of(
                "--workers", Integer.toString(workers),
                "--emitters", Integer.toString(emitters),
                "--parsers", Integer.toString(parsers),
                "--batch-records", Integer.toString(BATCH_RECORDS)));
        for (Path file : configurations) {
            all.addAll(List.of("--config", file.toAbsolutePath().toString()));
        }
        return all;
    }

    private boolean isDemo() {
        return feed == null ? configurations.isEmpty() : feed == FeedChoice.DEMO;
    }

    private void introduce(PrintStream out, DataFolder folder, StormCluster cluster) {
        ServiceInfo info = cluster.info();
        ClusterInfo ports = ClusterInfo.read(folder).orElseThrow();
        out.println("  Kafka       " + info.kafka() + "   topic "
                + String.join(
                        ", ", info.streams().stream().map(StreamInfo::topic).toList()));
        out.println(
                "  Redis       " + info.redis().replaceFirst("^redis://", "").replaceFirst("/0$", "")
                        + "   password in " + info.redisPasswordFile());
        out.println("  ZooKeeper   127.0.0.1:" + ports.zookeeper());
        out.println("  Nimbus      127.0.0.1:" + ports.nimbus());
        out.println("  DRPC        " + info.drpc());
        ports.supervisors()
                .forEach(each -> out.println("  Supervisor  127.0.0.1:" + each.thrift() + "   workers on ports "
                        + each.slots().toString().replaceAll("[\\[\\]]", "")));
        out.println("  Feed        "
                + (isDemo()
                        ? "demo: invented edits, about " + DemoEvents.MEAN_PER_SECOND
                                + " a second (--feed none starts without)"
                        : "none: send events with ./tidemark feed FILE" + data.asTyped()));
        out.println("  Logs        " + folder.logs() + "   workers: "
                + folder.logs().resolve("supervisor-*"));
        out.println("Ask in a second terminal:");
        out.println("  ./tidemark cluster status" + data.asTyped() + "   what runs where, to kill some of it");
        out.println("  ./tidemark query counts bot human" + data.asTyped());
        out.println("  ./tidemark verify" + data.asTyped());
        out.println("Ctrl-C or ./tidemark cluster down" + data.asTyped()
                + " stops everything; started again it goes on where it was.");
        out.println();
        out.flush();
    }
}
