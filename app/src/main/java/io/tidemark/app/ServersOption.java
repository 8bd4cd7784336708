package io.tidemark.app;

import io.tidemark.app.service.DataFolder;
import io.tidemark.app.service.ServiceInfo;
import io.tidemark.commit.RedisAddress;
import io.tidemark.commit.RedisUri;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedSet;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where Kafka and Redis are, for commands that read both: the servers of the data folder's service, or others. */
final class ServersOption {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Mixin
    private DataOption data;

    @Option(names = "--kafka", paramLabel = "HOST:PORT", description = "The broker, instead of the service's.")
    private String kafka;

    @Option(
            names = "--redis",
            paramLabel = "URI",
            description = RedisUri.FORMS + ", percent-encoded; or env:NAME for the environment "
                    + "variable that holds it, instead of the service's Redis.")
    private String redis;

    @Option(
            names = "--redis-password-file",
            paramLabel = "FILE",
            description = "File that holds the password of that Redis.")
    private Path passwordFile;

    String kafka() {
        return kafka == null ? info().kafka() : kafka;
    }

    RedisAddress redis() {
        RedisUri uri = RedisOption.uri(spec, redis, passwordFile);
        return uri == null ? info().redisAddress() : RedisOption.address(uri, passwordFile);
    }

    /** The service or cluster of the data folder, where its servers are meant. */
    Optional<ServiceInfo> service() {
        return kafka == null && redis == null ? ServiceInfo.read(data.folder()) : Optional.empty();
    }

    DataFolder folder() {
        return data.folder();
    }

    /** How to name the data folder in a command to type: empty where it is the default. */
    String asTyped() {
        return data.asTyped();
    }

    private ServiceInfo info() {
        return ServiceInfo.read(data.folder())
                .orElseThrow(() -> new CommandFailedException(
                        ExitCodes.UNREACHABLE,
                        "no service runs on the data folder " + data.folder().path()
                                + ". Start one in another terminal: ./tidemark run" + data.asTyped()
                                + "   Or say where the servers are: --kafka HOST:PORT --redis redis://HOST:PORT"));
    }

    /** What to try when a server does not answer. */
    String whatToDo() {
        return kafka == null || redis == null
                ? "Is the service running? Start it in another terminal: ./tidemark run" + data.asTyped()
                : "Are these the right addresses?";
    }

    static String theOnlyOne(SortedSet<String> streams) {
        if (streams.isEmpty()) {
            throw new CommandFailedException(ExitCodes.FAILED, "no stream has counted anything in this Redis yet.");
        }
        if (streams.size() > 1) {
            throw new CommandFailedException(
                    ExitCodes.USAGE, "there are several streams: say which, with --stream NAME: " + streams);
        }
        return streams.first();
    }
}
