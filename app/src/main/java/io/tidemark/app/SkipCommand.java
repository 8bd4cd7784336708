package io.tidemark.app;

import io.tidemark.app.show.Numbers;
import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.Skipping;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.cut.Cut;
import io.tidemark.cut.CutReader;
import io.tidemark.cut.InconsistentException;
import io.tidemark.cut.NotInitialisedException;
import io.tidemark.cut.Reading;
import io.tidemark.cut.Wish;
import io.tidemark.plan.LogUnavailableException;
import io.tidemark.plan.Range;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfigReader;
import io.tidemark.trident.KafkaLog;
import java.io.Console;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark skip}: goes on beyond records that Kafka has lost. */
@Command(
        name = "skip",
        mixinStandardHelpOptions = true,
        header = "Goes on counting beyond records that Kafka has deleted.",
        description =
                "For a stream that is refused as records-lost: moves the mark of one partition on to an offset. What lies "
                        + "between is never counted; it is noted beside the counts, stands as \"skipped\" in every answer, and verify "
                        + "names it. The running topology goes on by itself within seconds. Asks first.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark skip wiki 3               on to the first record that Kafka still has of partition 3",
            "  tidemark skip wiki 3 90000         on to offset 90000",
            "  tidemark skip --yes --kafka kafka:9092 --redis redis://redis:6379 wiki 3 90000"
        })
final class SkipCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "STREAM", description = "Which stream.")
    private String stream;

    @Parameters(index = "1", paramLabel = "PARTITION", description = "Which partition of its topic.")
    private int partition;

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "OFFSET",
            description = "The next offset to count (default: the first one that Kafka still has).")
    private Long offset;

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Mixin
    private ServersOption servers;

    @Override
    public Integer call() {
        try (RedisConnection redis = new RedisConnection(servers.redis())) {
            Reading reading = new CutReader(redis, StreamConfigReader::stored)
                    .read(stream, (config, now) -> Wish.totals(List.of()));
            if (!reading.stream().equals(stream)) {
                throw wrong("readers that ask for " + stream + " are answered by stream " + reading.stream()
                        + ": say which stream by its own name; what was counted as " + stream
                        + " before answers nobody");
            }
            try (KafkaLog log = new KafkaLog(reading.config(), Map.of("bootstrap.servers", servers.kafka()))) {
                return skip(redis, reading, log);
            }
        } catch (NotInitialisedException | InconsistentException e) {
            throw new CommandFailedException(ExitCodes.FAILED, e.getMessage(), e);
        } catch (StoreUnavailableException | LogUnavailableException e) {
            throw new CommandFailedException(ExitCodes.UNREACHABLE, e.getMessage() + ". " + servers.whatToDo(), e);
        } catch (RefusedException e) {
            throw new CommandFailedException(ExitCodes.FAILED, e.getMessage(), e);
        }
    }

    private Integer skip(RedisConnection redis, Reading reading, KafkaLog log) {
        Cut cut = reading.cut();
        Long mark = cut.offsets().get(partition);
        Long first = log.firstOffsets().get(partition);
        Long end = log.endOffsets().get(partition);
        if (mark == null || first == null || end == null) {
            throw wrong("stream " + stream + " has no partition " + partition + "; it has "
                    + cut.offsets().keySet());
        }
        long to = offset == null ? first : offset;
        if (to <= mark) {
            throw wrong("partition " + partition + " is counted up to " + mark + ", and Kafka keeps records from "
                    + first + " on: there is nothing to skip up to " + to);
        }
        if (to > end) {
            throw wrong("partition " + partition + " ends at " + end + ": nothing can be skipped up to " + to);
        }
        Range range = new Range(partition, mark, to);
        String there = to > first
                ? " " + Numbers.grouped(to - Math.max(first, mark))
                        + " of them are still in Kafka, and would be lost to the" + " counts too."
                : "";
        System.out.println(
                "Partition " + partition + " of topic " + reading.config().topic() + ": offsets " + mark + " to "
                        + (to - 1) + ", " + Numbers.grouped(range.length())
                        + " at most, will never be counted in stream " + stream
                        + "." + there);
        if (!yes && !isMeant()) {
            System.out.println("Nothing was changed.");
            return ExitCodes.FAILED;
        }
        Skipping skipping = new Skipping(
                redis, reading.config(), "skip/" + ProcessHandle.current().pid());
        if (!skipping.skip(range, cut.skipped(), log.topicId())) {
            throw new CommandFailedException(
                    ExitCodes.FAILED, "the mark has moved meanwhile. Nothing was skipped; look at: tidemark status");
        }
        System.out.println("Skipped. The stream goes on at " + to + " within seconds: tidemark status");
        return ExitCodes.OK;
    }

    private static boolean isMeant() {
        Console console = System.console();
        if (console == null) {
            throw wrong("nobody can be asked here; say --yes to skip without asking");
        }
        String answer = console.readLine("Skip them? [y/N] ");
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    }

    private static CommandFailedException wrong(String what) {
        return new CommandFailedException(ExitCodes.USAGE, what + ". Nothing was changed.");
    }
}
