package io.tidemark.app;

import io.tidemark.app.child.StormSettings;
import io.tidemark.app.service.DataFolder;
import io.tidemark.app.service.RedisAlone;
import io.tidemark.app.service.ServiceInfo;
import io.tidemark.commit.RedisAddress;
import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.StartingOver;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfig;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
                "Deletes the counts of a stream, which is then counted again from the beginning of its topic. The "
                        + "events stay in Kafka. Asks first. Works while the service or a topology runs and while it does not.",
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
        RedisAddress other = redis.address(() -> null);
        if (other == null) {
            return inDataFolder();
        }
        try {
            return in(other);
        } finally {
            redis.forget();
        }
    }

    /** Of a stream that is counted elsewhere, by a topology that runs or not. */
    private Integer in(RedisAddress address) {
        if (name == null) {
            throw new CommandFailedException(ExitCodes.USAGE, "which stream? Say its name. Nothing was deleted.");
        }
        try (RedisConnection connection = new RedisConnection(address)) {
            StartingOver startingOver = new StartingOver(connection, name);
            if (!startingOver.isThere()) {
                throw new CommandFailedException(
                        ExitCodes.USAGE,
                        "there is nothing of a stream " + name + " in this Redis. Nothing was deleted.");
            }
            if (!yes && !isMeant(name, "its topic")) {
                System.out.println("Nothing was deleted.");
                return ExitCodes.FAILED;
            }
            startingOver.startOver();
        } catch (StoreUnavailableException e) {
            throw new CommandFailedException(ExitCodes.UNREACHABLE, notDeleted(e), e);
        } catch (RefusedException e) {
            throw new CommandFailedException(ExitCodes.FAILED, notDeleted(e), e);
        }
        System.out.println("The counts of stream " + name
                + " are deleted; a topology that counts it begins anew within " + "seconds.");
        return ExitCodes.OK;
    }

    private Integer inDataFolder() {
        DataFolder folder = data.folder();
        if (!Files.exists(folder.stormSettings())) {
            throw new CommandFailedException(
                    ExitCodes.UNREACHABLE, "there is no service's data in " + folder.path() + ". Nothing was deleted.");
        }
        Logs.toFile(folder, "service");
        StreamConfig stream = stream(folder);
        if (!yes && !isMeant(stream.name(), "topic " + stream.topic())) {
            System.out.println("Nothing was deleted.");
            return ExitCodes.FAILED;
        }
        if (folder.isLocked()) {
            ServiceInfo info = ServiceInfo.read(folder)
                    .orElseThrow(() -> new CommandFailedException(
                            ExitCodes.UNREACHABLE,
                            "the service on " + folder.path() + " is starting or stopping; try again in a few seconds."
                                    + " Nothing was deleted."));
            reset(info.redisAddress(), stream);
            System.out.println("The counts of stream " + stream.name() + " are deleted; it is counted again from the "
                    + "beginning: the first answers come in some seconds.");
        } else {
            RedisAddress address = settings(folder).redisAddress();
            if (RedisAlone.isIn(folder, address)) {
                try (RedisAlone redis = RedisAlone.start(folder)) {
                    reset(redis.address(), stream);
                }
            } else {
                reset(address, stream);
            }
            System.out.println("The counts of stream " + stream.name() + " are deleted; the next start counts it again "
                    + "from the beginning.");
        }
        return ExitCodes.OK;
    }

    private StreamConfig stream(DataFolder folder) {
        List<StreamConfig> streams = Streams.of(
                settings(folder).configurations().stream().map(Path::of).toList());
        List<String> names = streams.stream().map(StreamConfig::name).toList();
        if (name == null && streams.size() == 1) {
            return streams.get(0);
        }
        return streams.stream()
                .filter(stream -> stream.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new CommandFailedException(
                        ExitCodes.USAGE,
                        (name == null ? "which stream?" : "there is no stream " + name + ".") + " There are: "
                                + String.join(", ", names)));
    }

    private static StormSettings settings(DataFolder folder) {
        try {
            return StormSettings.read(folder.stormSettings());
        } catch (IOException e) {
            throw new CommandFailedException(
                    ExitCodes.FAILED, folder.stormSettings() + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static boolean isMeant(String stream, String topic) {
        Console console = System.console();
        if (console == null) {
            throw new CommandFailedException(
                    ExitCodes.USAGE, "nobody can be asked here; say --yes to delete the counts without asking.");
        }
        String answer = console.readLine(
                "Delete all counts of stream %s, and count %s again from its beginning? [y/N] ", stream, topic);
        return answer != null
                && answer.strip().toLowerCase(java.util.Locale.ROOT).matches("y|yes");
    }

    private static void reset(RedisAddress address, StreamConfig stream) {
        try (RedisConnection connection = new RedisConnection(address)) {
            new StartingOver(connection, stream.name()).startOver();
        } catch (StoreUnavailableException | RefusedException e) {
            throw new CommandFailedException(ExitCodes.FAILED, notDeleted(e), e);
        }
    }

    private static String notDeleted(RuntimeException why) {
        return "the counts could not be deleted: " + why.getMessage() + ". Type it again.";
    }
}
