package io.tidemark.app;

import io.tidemark.app.show.Terminal;
import io.tidemark.app.show.VerificationView;
import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.commit.StreamAliases;
import io.tidemark.commit.StreamNames;
import io.tidemark.plan.LogUnavailableException;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfigReader;
import io.tidemark.trident.KafkaLog;
import io.tidemark.verify.Verification;
import io.tidemark.verify.Verifier;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidemark verify}: counts the topic again and compares. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        header = "Counts the topic again and compares every number.",
        description = "Counts the topic from where the stream's counting began to its mark, and compares every number "
                + "that Redis holds with that: accounts, reasons of rejection, totals, all buckets that are kept, "
                + "positions of rejected records. It reads only; the stream may run on. What differs is listed, and the "
                + "exit code is 1 then. What cannot be checked is said: records that Kafka no longer has, ranges that "
                + "were skipped.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark verify                                     the stream of the service on ./tidemark-data",
            "  tidemark verify --stream orders --json              another one, for a program",
            "  tidemark verify --kafka kafka:9092 --redis redis://redis:6379 --redis-password-file secret"
        })
final class VerifyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ServersOption servers;

    @Option(names = "--stream", paramLabel = "NAME", description = "Which stream, where there are several.")
    private String stream;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads that count (default: one for each processor, ${DEFAULT-VALUE}).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--json", description = "The result as programs get it, on one line.")
    private boolean json;

    @Override
    public Integer call() {
        if (threads < 1 || threads > 1_000) {
            throw new ParameterException(spec.commandLine(), "--threads " + threads + ": a number from 1 to 1000.");
        }
        Map<String, String> client = Map.of("bootstrap.servers", servers.kafka());
        try (Verifier verifier =
                new Verifier(servers.redis(), StreamConfigReader::stored, c -> new KafkaLog(c, client), threads)) {
            Verification verification = verify(verifier);
            if (json) {
                System.out.println(VerificationView.json(verification));
            } else {
                VerificationView.lines(verification).forEach(System.out::println);
            }
            return verification.agrees() ? ExitCodes.OK : ExitCodes.FAILED;
        } catch (StoreUnavailableException | LogUnavailableException e) {
            throw new CommandFailedException(ExitCodes.UNREACHABLE, e.getMessage() + ". " + servers.whatToDo(), e);
        } catch (RefusedException e) {
            throw new CommandFailedException(ExitCodes.FAILED, "cannot be checked: " + e.getMessage(), e);
        }
    }

    /** What the name leads to that readers ask by. */
    private String nameOfStream() {
        try (RedisConnection redis = new RedisConnection(servers.redis())) {
            StreamNames names = new StreamAliases(redis).names();
            return names.streamOf(stream == null ? ServersOption.theOnlyOne(names.offered()) : stream);
        }
    }

    private Verification verify(Verifier verifier) {
        String name = nameOfStream();
        boolean onTerminal = Terminal.isThereForErrors() && !"dumb".equals(System.getenv("TERM"));
        try (RecountProgress progress = new RecountProgress(System.err, onTerminal, "Counting again")) {
            return verifier.verify(name, progress);
        }
    }
}
