package io.tidemark.app;

import io.tidemark.commit.MainHash;
import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.StreamAliases;
import io.tidemark.commit.StreamNames;
import io.tidemark.plan.EventLog;
import io.tidemark.plan.Marks;
import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfig.StartAt;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Supplier;

/**
 * A stream that is counted from the beginning so that a name can lead to it.
 *
 * @param changed its configuration
 * @param alias what readers ask by
 * @param from the stream that the name leads to now
 */
record Backfill(StreamConfig changed, String alias, String from) {

    /** The stream that is counted from the beginning. */
    String to() {
        return changed.name();
    }

    /** Whether the name leads there already. */
    boolean isDone() {
        return from.equals(to());
    }

    /**
     * Finds out what is to be done, and whether it can be.
     *
     * @param file of the configuration, for messages
     * @param alias as it was given, or null
     * @param isPartial whether less than what is counted now will do
     * @param log opens the stream's topic
     * @throws CommandFailedException when it cannot be done; it says what to do instead
     */
    static Backfill of(
            RedisConnection redis,
            StreamConfig changed,
            String file,
            String alias,
            boolean isPartial,
            Supplier<EventLog> log) {
        StreamNames names = new StreamAliases(redis).names();
        String asked = alias == null ? theOnlyName(names, changed) : alias;
        if (!names.all().contains(asked)) {
            throw new CommandFailedException(
                    ExitCodes.USAGE,
                    "there is no stream " + asked + " in this Redis. Readers ask by: "
                            + String.join(", ", names.offered()));
        }
        Backfill backfill = new Backfill(changed, asked, names.streamOf(asked));
        if (!backfill.isDone()) {
            backfill.check(redis, names, file, isPartial, log);
        } else if (!names.aliases().containsKey(asked)) {
            throw new CommandFailedException(
                    ExitCodes.USAGE,
                    file + " configures stream " + asked + ", which is the one that is counted now. Give the changed"
                            + " configuration a name of its own, for example stream: " + asked + "-2, so that both can"
                            + " be counted beside each other; readers go on asking for " + asked);
        }
        return backfill;
    }

    private static String theOnlyName(StreamNames names, StreamConfig changed) {
        SortedSet<String> offered = new java.util.TreeSet<>(names.offered());
        if (offered.size() > 1) {
            offered.remove(changed.name());
        }
        if (offered.size() == 1) {
            return offered.first();
        }
        throw offered.isEmpty()
                ? new CommandFailedException(
                        ExitCodes.FAILED,
                        "no stream has counted anything in this Redis yet: there is nothing to change. Just count it.")
                : new CommandFailedException(
                        ExitCodes.USAGE,
                        "there are several streams: say with --alias NAME by which name readers ask for this one: "
                                + String.join(", ", offered));
    }

    private void check(
            RedisConnection redis, StreamNames names, String file, boolean isPartial, Supplier<EventLog> log) {
        if (names.aliases().containsKey(to()) && !to().equals(alias)) {
            throw new CommandFailedException(
                    ExitCodes.USAGE,
                    file + " configures stream " + to() + ", but that is a name by which readers ask for stream "
                            + names.streamOf(to()) + ". Choose another name.");
        }
        if (changed.startAt() != StartAt.EARLIEST) {
            throw new CommandFailedException(
                    ExitCodes.USAGE,
                    file + " says start: latest, which would leave out all that has been counted. Remove that line; it"
                            + " does not decide what is counted later.");
        }
        Map<String, String> now = main(redis, from);
        String topic = now.getOrDefault("topic", changed.topic());
        if (!topic.equals(changed.topic())) {
            throw new CommandFailedException(
                    ExitCodes.USAGE,
                    file + " counts topic " + changed.topic() + ", but stream " + from + " counts topic " + topic
                            + ": readers would be told of something else under the same name.");
        }
        Optional<Marks> begun = MainHash.marks(to(), main(redis, to()));
        begun.filter(marks -> !marks.fingerprint().equals(changed.fingerprint()))
                .ifPresent(other -> {
                    throw new CommandFailedException(
                            ExitCodes.FAILED,
                            "stream " + to() + " has been counted with another configuration than " + file
                                    + ". Choose another name, or remove it first: tidemark reset " + to());
                });
        Optional<Marks> before = MainHash.marks(from, now);
        if (before.isPresent() && !isPartial) {
            checkNothingLost(before.get().start(), begun.map(Marks::start).orElseGet(() -> first(log)));
        }
    }

    private static Map<String, String> main(RedisConnection redis, String stream) {
        return MainHash.read(redis, stream);
    }

    private static SortedMap<Integer, Long> first(Supplier<EventLog> opening) {
        try (EventLog log = opening.get()) {
            return log.firstOffsets();
        }
    }

    /** @param first where each partition begins to be counted now */
    private void checkNothingLost(SortedMap<Integer, Long> before, SortedMap<Integer, Long> first) {
        StringBuilder lost = new StringBuilder();
        long sum = 0;
        for (Map.Entry<Integer, Long> start : before.entrySet()) {
            long missing = first.getOrDefault(start.getKey(), 0L) - start.getValue();
            if (missing > 0) {
                sum += missing;
                lost.append(lost.isEmpty() ? "" : ", ").append("partition ").append(start.getKey());
                lost.append(" from ").append(start.getValue()).append(" to ").append(first.get(start.getKey()));
            }
        }
        if (sum > 0) {
            throw new CommandFailedException(
                    ExitCodes.FAILED,
                    "stream " + from + " has counted " + sum + " records that Kafka no longer has (" + lost
                            + "): " + to() + " would be without them, and readers would be told less than now. If that"
                            + " is meant, say --partial.");
        }
    }
}
