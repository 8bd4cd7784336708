package io.tidemark.app;

import io.tidemark.app.demo.DemoEvents;
import io.tidemark.app.feed.DemoFeed;
import io.tidemark.app.service.DataFolder;
import io.tidemark.app.service.Service;
import io.tidemark.app.service.ServiceInfo;
import io.tidemark.app.service.ServiceInfo.StreamInfo;
import io.tidemark.app.service.ServiceOptions;
import io.tidemark.app.show.LiveView;
import io.tidemark.app.show.Numbers;
import io.tidemark.client.TidemarkClient;
import io.tidemark.commit.RedisUri;
import io.tidemark.gateway.Gateway;
import io.tidemark.gateway.GatewayOptions;
import io.tidemark.stream.StreamConfig;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark run}: the whole service on this machine, until it is told to stop. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        header = "Starts the whole service on this machine.",
        description = "Starts Kafka, Redis, ZooKeeper, Storm with its DRPC server, and a feed. Everything listens on "
                + "127.0.0.1 only and keeps its data in one folder. Ctrl-C or SIGTERM stops it; started again it goes on "
                + "where it was.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark run",
            "  tidemark run --data /srv/tidemark --feed none --retention-bytes 20GiB",
            "  tidemark run --config orders.yaml",
            "  tidemark run --kafka kafka:9092 --redis redis://redis:6379/0"
        })
final class RunCommand implements Callable<Integer> {
    @Mixin
    private DataOption data;

    @Mixin
    private OwnServers own;

    @Option(
            names = "--http-port",
            paramLabel = "PORT|none",
            converter = HttpPort.class,
            description = "Port of the live page, HTTP and WebSocket (default: 2546, or the next free one; 0: any free "
                    + "one; none: no gateway).")
    private Integer httpPort;

    @Option(
            names = "--feed",
            paramLabel = "demo|none",
            converter = FeedChoice.Reader.class,
            description =
                    "demo sends invented edits, none sends nothing (default: demo; none with --config, --kafka or "
                            + "--redis).")
    private FeedChoice feed;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration of a stream; repeatable. Without it, the bundled Wikipedia stream is counted.")
    private List<Path> configurations = List.of();

    @Mixin
    private OtherServers others;

    @Override
    public Integer call() throws InterruptedException {
        requireSystem();
        own.refuseWith(others);
        String kafka = others.kafka();
        RedisUri redis = others.redis();
        List<StreamConfig> configured = Streams.of(configurations);
        DataFolder folder = data.folder();
        folder.create();
        Logs.toFile(folder, "service");
        PrintStream out = System.out;
        List<StreamInfo> streams = configured.stream()
                .map(config -> new StreamInfo(config.name(), config.topic()))
                .toList();
        ServiceOptions options = new ServiceOptions(
                kafka,
                redis,
                others.passwordFile(),
                own.kafkaPort(),
                own.redisPort(),
                own.drpcPort(),
                httpPort,
                own.retentionBytes(),
                configurations);
        out.println("Tidemark " + Version.text() + ", data in " + folder.path());
        Service service = Service.start(folder, options, streams, out::println);
        UntilStopped running = untilStopped(service, out);
        out.println("Starting " + (kafka == null ? "Kafka, " : "") + (redis == null ? "Redis, " : "") + "Storm ...");
        out.flush();
        awaitReady(service, running);
        introduce(out, folder, options, service.info());
        if (isDemo()) {
            running.feed(new DemoFeed(service.info().kafka(), streams.get(0).topic(), System.nanoTime() & 0xffffff));
        }
        try (TidemarkClient client = TidemarkClient.of(service.info().drpc(), TidemarkClient.DEFAULT_TIMEOUT)) {
            new LiveView(client, out).showUntil(running::isStopping);
        }
        return running.awaitStopped();
    }

    private boolean isDemo() {
        return feed == null ? configurations.isEmpty() && !others.isAny() : feed == FeedChoice.DEMO;
    }

    private static void awaitReady(Service service, UntilStopped running) {
        try {
            service.awaitReady();
        } catch (CommandFailedException e) {
            running.stop();
            throw e;
        }
    }

    /** The gateway on the service's own Redis, from the first moment on: a page that is open already sees it come. */
    private static UntilStopped untilStopped(Service service, PrintStream out) {
        ServiceInfo info = service.info();
        if (info.http() == null) {
            return new UntilStopped(out, List.of(service::close));
        }
        String[] address = info.http().split(":");
        try {
            Gateway gateway = Gateway.start(
                    GatewayOptions.of(info.redisAddress()).withBind(address[0], Integer.parseInt(address[1])));
            return new UntilStopped(out, List.of(gateway::close, service::close));
        } catch (UncheckedIOException e) {
            service.close();
            throw new CommandFailedException(
                    ExitCodes.REFUSED,
                    "the gateway cannot listen on " + info.http() + ": "
                            + e.getCause().getMessage() + ". Give another port with --http-port, or none.",
                    e);
        }
    }

    private void introduce(PrintStream out, DataFolder folder, ServiceOptions options, ServiceInfo info) {
        String topics =
                String.join(", ", info.streams().stream().map(StreamInfo::topic).toList());
        out.println("  Kafka   " + info.kafka() + "   topic " + topics
                + (options.kafka() == null
                        ? ", keeps at most " + Numbers.bytes(options.retentionBytes())
                        : "; was there already"));
        out.println("  Redis   " + info.redis().replaceFirst("^redis://", "").replaceFirst("/0$", "")
                + (info.redisPasswordFile() == null ? "   no password" : "   password in " + info.redisPasswordFile())
                + (options.redis() == null ? "" : "; was there already"));
        out.println("  DRPC    " + info.drpc() + "   functions counts, trend, top, status, ask");
        if (info.http() != null) {
            out.println("  Page    http://" + info.http() + "/   HTTP and WebSocket: /api/counts, ws://" + info.http());
        }
        out.println("  Feed    "
                + (isDemo()
                        ? "demo: invented edits, about " + DemoEvents.MEAN_PER_SECOND
                                + " a second (--feed none starts without)"
                        : "none: send events with ./tidemark feed FILE" + data.asTyped()));
        out.println("  Logs    " + folder.logs());
        out.println("Ask in a second terminal:");
        out.println("  ./tidemark query counts" + data.asTyped());
        out.println("  ./tidemark query counts bot human" + data.asTyped());
        out.println("  ./tidemark query top page" + data.asTyped());
        out.println("  ./tidemark status" + data.asTyped());
        out.println("Ctrl-C stops everything; started again it goes on where it was.");
        out.println();
        out.flush();
    }

    private static void requireSystem() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (!system.startsWith("linux") && !system.startsWith("mac")) {
            throw new CommandFailedException(
                    ExitCodes.REFUSED, "tidemark run works on Linux and macOS only; on Windows use it inside WSL 2.");
        }
    }
}
