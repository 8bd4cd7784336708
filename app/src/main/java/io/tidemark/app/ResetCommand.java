package io.tidemark.app;

import io.tidemark.app.child.StormSettings;
import io.tidemark.app.service.Backfills;
import io.tidemark.app.service.DataFolder;
import io.tidemark.app.service.RedisAlone;
import io.tidemark.app.service.ServiceInfo;
import io.tidemark.commit.RedisAddress;
import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.StartingOver;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.commit.StreamAliases;
import io.tidemark.commit.StreamNames;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.Shard;
import io.tidemark.stream.StreamConfig;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark reset}: starts the counts of a stream over. */
@Command(
        name = "reset",
        mixinStandardHelpOptions = true,
        header = "Starts the counts of a stream over.",
        description =
                "Deletes the counts of a stream, which is then counted again from the beginning of its topic, if it is "
                        + "still counted. The events stay in Kafka. Asks first. Works while the service or a topology runs and "
                        + "while it does not. The stream is named by its own name, and names that lead to it stay. It goes "
                        + "with all its shards.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark reset",
            "  tidemark reset --yes orders",
            "  tidemark reset --redis redis://redis:6379 wiki     a stream that a topology on a cluster counts"
        })
final class ResetCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "STREAM", description = "Which stream, where there are several.")
    private String name;

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Mixin
    private DataOption data;

    @Mixin
    private RedisOption redis;

    @Override
    public Integer call() {
        DataFolder folder = data.folder();
        RedisAddress other = redis.address(() -> null);
        try {
            if (other != null) {
                return reset(other, new Counting(List.of(), null, false));
            }
            if (!Files.exists(folder.stormSettings())) {
                throw new CommandFailedException(
                        ExitCodes.UNREACHABLE,
                        "there is no service's data in " + folder.path()
                                + ". Nothing was deleted. Say where the counts are with --redis URI.");
            }
            Logs.toFile(folder, "service");
            return ofFolder(folder);
        } finally {
            redis.forget();
        }
    }

    /**
     * Who counts what is to be reset.
     *
     * @param streams that are counted again at once or at the next start
     * @param folder of the service; null when it is not known here
     * @param isRunning whether the service runs
     */
    private record Counting(List<StreamConfig> streams, DataFolder folder, boolean isRunning) {
        List<String> names() {
            return streams.stream().map(StreamConfig::name).toList();
        }
    }

    private int ofFolder(DataFolder folder) {
        List<StreamConfig> streams = Streams.of(
                settings(folder).configurations().stream().map(Path::of).toList());
        if (folder.isLocked()) {
            ServiceInfo info = ServiceInfo.read(folder)
                    .orElseThrow(() -> new CommandFailedException(
                            ExitCodes.UNREACHABLE,
                            "the service on " + folder.path() + " is starting or stopping; try again in a few seconds."
                                    + " Nothing was deleted."));
            return reset(info.redisAddress(), new Counting(streams, folder, true));
        }
        Counting stopped = new Counting(streams, folder, false);
        RedisAddress address = settings(folder).redisAddress();
        if (!RedisAlone.isIn(folder, address)) {
            return reset(address, stopped);
        }
        try (RedisAlone alone = RedisAlone.start(folder)) {
            return reset(alone.address(), stopped);
        }
    }

    private int reset(RedisAddress address, Counting counting) {
        try (RedisConnection connection = new RedisConnection(address)) {
            StreamAliases aliases = new StreamAliases(connection);
            StreamNames names = aliases.names();
            String stream = stream(connection, names, counting);
            Optional<StreamConfig> counted = counting.streams().stream()
                    .filter(each -> each.name().equals(stream))
                    .findFirst();
            String readers = readers(names, stream);
            if (!yes && !isMeant(stream, whatIsMeant(counted, counting), readers)) {
                System.out.println("Nothing was deleted.");
                return ExitCodes.FAILED;
            }
            if (counting.folder() != null) {
                new Backfills(counting.folder()).remove(stream);
            }
            new StartingOver(connection, stream).startOver();
            aliases.forgetBackfill(stream);
            System.out.println("The counts of stream " + stream + " are deleted"
                    + whatFollows(counted.isPresent(), counting) + readers);
            return ExitCodes.OK;
        } catch (StoreUnavailableException e) {
            throw new CommandFailedException(ExitCodes.UNREACHABLE, notDeleted(e), e);
        } catch (RefusedException e) {
            throw new CommandFailedException(ExitCodes.FAILED, notDeleted(e), e);
        }
    }

    private static String notDeleted(RuntimeException why) {
        return "the counts could not be deleted: " + why.getMessage() + ". Type it again.";
    }

    private static String whatIsMeant(Optional<StreamConfig> counted, Counting counting) {
        if (counting.folder() == null) {
            return ", which a topology that runs counts again from the beginning";
        }
        return counted.map(stream -> ", and count topic " + stream.topic() + " again from its beginning")
                .orElse("");
    }

    private static String whatFollows(boolean isCounted, Counting counting) {
        if (counting.folder() == null) {
            return "; a topology that counts it begins anew within seconds.";
        }
        if (!isCounted) {
            return ".";
        }
        return counting.isRunning()
                ? "; it is counted again from the beginning: the first answers come in some seconds."
                : "; the next start counts it again from the beginning.";
    }

    /** Who is answered by the stream, or by another one under its name; empty when there is nothing to say. */
    private static String readers(StreamNames names, String stream) {
        List<String> led = names.aliases().entrySet().stream()
                .filter(alias -> alias.getValue().equals(stream))
                .map(Map.Entry::getKey)
                .toList();
        if (!led.isEmpty()) {
            return " Readers of " + String.join(", ", led) + " are answered by it: they get an error until it is"
                    + " counted again, or until tidemark backfill has led them elsewhere.";
        }
        String answering = names.streamOf(stream);
        return answering.equals(stream)
                ? ""
                : " Readers of " + stream + " are answered by stream " + answering + ", which stays.";
    }

    private String stream(RedisConnection connection, StreamNames names, Counting counting) {
        if (name == null && counting.streams().size() == 1) {
            return counting.names().get(0);
        }
        SortedSet<String> all = new TreeSet<>(names.streams());
        all.addAll(counting.names());
        if (name == null) {
            throw new CommandFailedException(
                    ExitCodes.USAGE, "which stream? There are: " + String.join(", ", all) + ". Nothing was deleted.");
        }
        if (!Shard.streamOf(name).equals(name)) {
            throw new CommandFailedException(
                    ExitCodes.USAGE,
                    name + " is a shard of stream " + Shard.streamOf(name)
                            + ", and a stream is started over as a whole."
                            + " Nothing was deleted. Type: tidemark reset " + Shard.streamOf(name));
        }
        // What was left over by somebody's hand is in no list.
        if (!all.contains(name) && !new StartingOver(connection, name).isThere()) {
            throw new CommandFailedException(
                    ExitCodes.USAGE,
                    "there is nothing of a stream " + name + " in this Redis. Nothing was deleted. There are: "
                            + String.join(", ", all));
        }
        return name;
    }

    private static StormSettings settings(DataFolder folder) {
        try {
            return StormSettings.read(folder.stormSettings());
        } catch (IOException e) {
            throw new CommandFailedException(
                    ExitCodes.FAILED, folder.stormSettings() + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static boolean isMeant(String stream, String whatFollows, String readers) {
        Console console = System.console();
        if (console == null) {
            throw new CommandFailedException(
                    ExitCodes.USAGE, "nobody can be asked here; say --yes to delete the counts without asking.");
        }
        String answer = console.readLine(
                "%sDelete all counts of stream %s%s? [y/N] ",
                readers.isEmpty() ? "" : readers.strip() + " ", stream, whatFollows);
        return answer != null
                && answer.strip().toLowerCase(java.util.Locale.ROOT).matches("y|yes");
    }
}
