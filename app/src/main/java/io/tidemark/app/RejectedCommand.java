package io.tidemark.app;

import io.tidemark.app.show.RejectedRecord;
import io.tidemark.app.show.RejectedView;
import io.tidemark.app.show.Terminal;
import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.commit.StreamAliases;
import io.tidemark.cut.NotInitialisedException;
import io.tidemark.cut.RejectedReader;
import io.tidemark.cut.RejectedReader.Overview;
import io.tidemark.cut.RejectedReader.Position;
import io.tidemark.stream.RefusedException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidemark rejected}: which records were not counted because something is wrong with them. */
@Command(
        name = "rejected",
        mixinStandardHelpOptions = true,
        header = "Shows which records were rejected, and why.",
        description = "Lists the newest rejected records by reason, with the record's time, partition and offset, and "
                + "shows how each begins, as Kafka has it; control characters are made harmless. The positions of the "
                + "last 1,000 of each partition are kept. A table on a terminal, elsewhere one line each: reason, time, "
                + "partition, offset, record, with tabs between.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark rejected",
            "  tidemark rejected --reason not-json --limit 100",
            "  tidemark rejected --follow --json | jq -r .text"
        })
final class RejectedCommand implements Callable<Integer> {
    private static final long LOOK_MS = 500;
    private static final int MOST_BYTES = 1 << 20;
    private static final Comparator<RejectedRecord> BY_TIME = Comparator.comparing(
                    (RejectedRecord r) -> r.time() == null ? Instant.MIN : r.time())
            .thenComparing(r -> r.position().partition())
            .thenComparing(r -> r.position().offset());

    @Spec
    private CommandSpec spec;

    @Option(names = "--stream", paramLabel = "NAME", description = "Which stream, where there are several.")
    private String stream;

    @Option(names = "--reason", paramLabel = "REASON", description = "Only this reason: not-json.")
    private String reason;

    @Option(names = "--partition", paramLabel = "P", description = "Only this partition.")
    private Integer partition;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Most records to list, the newest (default: ${DEFAULT-VALUE}).")
    private int limit = 20;

    @Option(
            names = "--bytes",
            paramLabel = "N",
            description = "Most bytes of each record to show (default: ${DEFAULT-VALUE}).")
    private int bytes = 200;

    @Option(names = "--json", description = "One JSON object a line, as programs get it.")
    private boolean json;

    @Option(names = "--follow", description = "Go on with new ones as they are rejected, until Ctrl-C.")
    private boolean follow;

    @Mixin
    private ServersOption servers;

    private final PrintStream out = System.out;

    @Override
    public Integer call() throws InterruptedException {
        requireRange("--limit", limit, 0, 1_000_000);
        requireRange("--bytes", bytes, 1, MOST_BYTES);
        if (partition != null) {
            requireRange("--partition", partition, 0, Integer.MAX_VALUE);
        }
        String kafka = servers.kafka();
        try (RedisConnection redis = new RedisConnection(servers.redis());
                RejectedRecords records = new RejectedRecords(kafka)) {
            String name = stream == null
                    ? ServersOption.theOnlyOne(new StreamAliases(redis).names().offered())
                    : stream;
            list(name, new RejectedReader(redis), records);
            return ExitCodes.OK;
        } catch (StoreUnavailableException e) {
            throw new CommandFailedException(ExitCodes.UNREACHABLE, e.getMessage() + ". " + servers.whatToDo(), e);
        } catch (NotInitialisedException e) {
            throw new CommandFailedException(ExitCodes.FAILED, "stream " + stream + " has no counts in this Redis.", e);
        } catch (RefusedException e) {
            throw new CommandFailedException(ExitCodes.FAILED, e.getMessage(), e);
        } catch (KafkaException e) {
            throw new CommandFailedException(
                    ExitCodes.UNREACHABLE,
                    "Kafka at " + kafka + " does not give the records: " + e.getMessage() + ". " + servers.whatToDo(),
                    e);
        }
    }

    private void requireRange(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(), option + " " + value + ": a number from " + least + " to " + most + ".");
        }
    }

    private void list(String name, RejectedReader reader, RejectedRecords kafka) throws InterruptedException {
        Overview overview = reader.overview(name);
        Map<Integer, Long> seen = new HashMap<>();
        List<Position> kept = unseen(reader, overview, seen);
        List<Position> wanted = newestOfEachPartition(kept);
        List<RejectedRecord> newest = newest(kafka.read(overview.topic(), wanted));
        boolean forPeople = Terminal.isThere() && !json;
        if (newest.isEmpty() && limit > 0) {
            sayNothingThere(name, overview, forPeople ? out : System.err);
        } else if (forPeople) {
            out.println("Stream " + name + " has rejected " + RejectedView.reasons(overview.reasons()) + ".\n");
            RejectedView.table(newest, bytes).forEach(out::println);
        } else {
            newest.forEach(record -> print(name, overview.topic(), record));
        }
        if (follow) {
            follow(name, reader, kafka, seen);
        }
    }

    /** Goes on until nobody takes the output any more. A server that is away is waited for. */
    private void follow(String name, RejectedReader reader, RejectedRecords kafka, Map<Integer, Long> seen)
            throws InterruptedException {
        boolean isAway = false;
        while (!out.checkError()) {
            Thread.sleep(LOOK_MS);
            Map<Integer, Long> seenNow = new HashMap<>(seen);
            try {
                Overview now = reader.overview(name);
                List<RejectedRecord> more = kafka.read(now.topic(), unseen(reader, now, seenNow));
                more.stream().sorted(BY_TIME).forEach(record -> print(name, now.topic(), record));
                seen.putAll(seenNow);
                isAway = false;
            } catch (StoreUnavailableException | RetriableException e) {
                if (!isAway) {
                    System.err.println("tidemark: " + Terminal.harmlessLines(e.getMessage()) + "; it is tried again.");
                }
                isAway = true;
            }
        }
    }

    /** The kept positions that are wanted and were not there before. @param seen largest offsets, by partition */
    private List<Position> unseen(RejectedReader reader, Overview overview, Map<Integer, Long> seen) {
        List<Position> positions = new ArrayList<>();
        overview.marks().forEach((number, mark) -> {
            if (partition != null && !partition.equals(number)) {
                return;
            }
            // A stream that was started over has a smaller mark than what was seen.
            long above = Math.min(seen.getOrDefault(number, -1L), mark - 1);
            for (Position position : reader.positions(overview.stream(), number, above)) {
                above = Math.max(above, position.offset());
                if (reason == null || reason.equals(position.reason())) {
                    positions.add(position);
                }
            }
            seen.put(number, above);
        });
        return positions;
    }

    private List<Position> newestOfEachPartition(List<Position> positions) {
        Map<Integer, Integer> taken = new HashMap<>();
        return positions.stream()
                .sorted(Comparator.comparingLong(Position::offset).reversed())
                .filter(position -> taken.merge(position.partition(), 1, Integer::sum) <= limit)
                .toList();
    }

    private List<RejectedRecord> newest(List<RejectedRecord> records) {
        return records.stream()
                .sorted(BY_TIME)
                .skip(Math.max(0, records.size() - limit))
                .sorted(Comparator.comparing((RejectedRecord r) -> r.position().reason())
                        .thenComparing(BY_TIME))
                .toList();
    }

    private void print(String name, String topic, RejectedRecord record) {
        out.println(json ? RejectedView.json(name, topic, record, bytes) : RejectedView.line(record, bytes));
    }

    private void sayNothingThere(String name, Overview overview, PrintStream to) {
        if (overview.reasons().isEmpty()) {
            to.println("Stream " + name + " has rejected no record.");
        } else {
            to.println("No position is kept of "
                    + (reason == null ? "a rejected record" : "a record rejected as " + Terminal.harmless(reason))
                    + (partition == null ? "" : " in partition " + partition) + ". Stream " + name + " has rejected "
                    + RejectedView.reasons(overview.reasons()) + ".");
        }
    }
}
