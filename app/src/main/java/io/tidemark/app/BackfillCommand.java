package io.tidemark.app;

import io.tidemark.app.cluster.ClusterInfo;
import io.tidemark.app.cluster.StormCluster;
import io.tidemark.app.service.Backfills;
import io.tidemark.app.service.DataFolder;
import io.tidemark.app.service.ServiceInfo;
import io.tidemark.app.show.Terminal;
import io.tidemark.commit.RedisAddress;
import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.commit.StreamAliases;
import io.tidemark.plan.LogUnavailableException;
import io.tidemark.query.Answers;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfig;
import io.tidemark.trident.KafkaLog;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark backfill}: a changed configuration, without a gap in answers. */
@Command(
        name = "backfill",
        mixinStandardHelpOptions = true,
        header = "Counts a changed configuration from the beginning, and lets readers go over to it.",
        description =
                "A running stream cannot get another configuration: its counts would be of neither. So the changed one "
                        + "gets a stream name of its own and is counted from the beginning of the topic, beside the old one. When it "
                        + "has caught up, the name that readers ask by leads to it, in one step: no answer is missing, and none is "
                        + "less than the one before. The old stream stays until tidemark reset removes it.\n"
                        + "The service of the data folder counts both until it is stopped. With --kafka and --redis you start "
                        + "counting it yourself (storm jar ... --config FILE), before or after typing this.\n"
                        + "Ctrl-C ends the waiting only; typed again it goes on.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark backfill --config wiki-2.yaml               stream: wiki-2 stands in the file",
            "  tidemark backfill --config wiki-2.yaml --alias wiki --kafka kafka:9092 --redis redis://redis:6379"
        })
final class BackfillCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "The changed configuration, with a stream name of its own.")
    private Path file;

    @Option(
            names = "--alias",
            paramLabel = "NAME",
            description = "The name that readers ask by: the stream's that is counted now, or an alias (default: the "
                    + "only one).")
    private String alias;

    @Option(
            names = "--partial",
            description = "Go on although Kafka no longer has some of the records that are counted now.")
    private boolean isPartial;

    @Mixin
    private ServersOption servers;

    private final PrintStream out = System.out;

    @Override
    public Integer call() throws InterruptedException {
        StreamConfig changed = Streams.read(file);
        String kafka = servers.kafka();
        RedisAddress address = servers.redis();
        try (RedisConnection redis = new RedisConnection(address);
                Answers answers = new Answers(address)) {
            Backfill backfill = Backfill.of(
                    redis,
                    changed,
                    file.toString(),
                    alias,
                    isPartial,
                    () -> new KafkaLog(changed, Map.of("bootstrap.servers", kafka)));
            StreamAliases aliases = new StreamAliases(redis);
            if (backfill.isDone()) {
                // What was cut off right after the switch is finished.
                aliases.forgetBackfill(backfill.to());
            } else {
                // Before it is begun: nobody is to take it for a stream for itself.
                aliases.begin(backfill.to(), backfill.alias());
                String ifNobodyCounts = begin(changed, kafka, address);
                out.println("Readers of " + backfill.alias() + " are answered by " + backfill.from() + " until "
                        + backfill.to() + " has caught up.");
                awaitIt(new CatchUp(answers, aliases, backfill, System.err::println, ifNobodyCounts), backfill);
            }
            sayWhatIsNext(backfill);
            return ExitCodes.OK;
        } catch (StoreUnavailableException | LogUnavailableException e) {
            throw new CommandFailedException(ExitCodes.UNREACHABLE, e.getMessage() + ". " + servers.whatToDo(), e);
        } catch (RefusedException e) {
            throw new CommandFailedException(ExitCodes.FAILED, e.getMessage(), e);
        }
    }

    /** Has it counted, where that is this machine's business. @return what to do when nobody counts it */
    private String begin(StreamConfig changed, String kafka, RedisAddress redis) throws InterruptedException {
        Optional<ServiceInfo> info = servers.service();
        if (info.isPresent() && !changed.isByProgram()) {
            DataFolder folder = servers.folder();
            if (ClusterInfo.read(folder).isPresent()) {
                submit(folder, info.get());
            } else if (info.get().streams().stream()
                    .noneMatch(stream -> stream.name().equals(changed.name()))) {
                new Backfills(folder).add(changed);
            }
            return "It begins within a minute; if it does not, the reason stands in " + folder.logs() + ".";
        }
        return changed.isByProgram()
                ? "Run the program that adds it up under its new name; this waits for it."
                : "Begin it where the old one is counted; this waits for it:\n"
                        + "  storm jar tidemark-topology-VERSION.jar io.tidemark.submit.Submit --config " + file
                        + " --kafka " + kafka + " --redis " + redis.uri();
    }

    private void submit(DataFolder folder, ServiceInfo info) throws InterruptedException {
        try {
            out.println(StormCluster.submit(
                            folder,
                            info,
                            List.of("--config", file.toAbsolutePath().toString()))
                    .strip());
        } catch (CommandFailedException e) {
            if (!e.getMessage().contains("already")) {
                throw e;
            }
        }
    }

    private void awaitIt(CatchUp catchUp, Backfill backfill) throws InterruptedException {
        Thread hook = new Thread(
                () -> {
                    System.err.println("\nNot waited for any more. Whoever counts " + backfill.to()
                            + " goes on; readers of " + backfill.alias() + " are answered by " + backfill.from()
                            + " until this is typed again.");
                    Runtime.getRuntime().halt(ExitCodes.CUT_OFF);
                },
                "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            catchUp.await(System.err, Terminal.isThereForErrors() && !"dumb".equals(System.getenv("TERM")));
        } finally {
            removed(hook);
        }
    }

    /** Not while this process is ending: the hook has the last word then. */
    private static void removed(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException stoppingAlready) {
            Thread.currentThread().interrupt();
        }
    }

    private void sayWhatIsNext(Backfill backfill) {
        out.println("Readers of " + backfill.alias() + " are answered by " + backfill.to() + " from now on.");
        if (backfill.isDone() || backfill.to().equals(backfill.alias())) {
            return;
        }
        boolean isService = servers.service().isPresent()
                && ClusterInfo.read(servers.folder()).isEmpty();
        out.println("Stream " + backfill.from() + " is still counted. When nobody needs it any more:");
        out.println(
                isService
                        ? "  stop the service, and start it from now on with: tidemark run" + servers.asTyped()
                                + " --config " + file
                        : "  storm kill the topology that counts it (its name: storm list)");
        out.println("  tidemark reset" + servers.asTyped() + " " + backfill.from() + "    removes its counts");
    }
}
