package io.tidemark.plan;

import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What must hold before anything is planned: whose the counts are, that the topic is theirs, and that it still has what
 * is to be counted. Immutable, may be used by several threads.
 */
final class StreamChecks {
    private final StreamConfig config;
    private final LogRefusals refusals;

    StreamChecks(StreamConfig config) {
        this.config = config;
        this.refusals = new LogRefusals(config);
    }

    /** @throws RefusedException {@code wrong-configuration}, {@code frozen} */
    void checkMarks(Marks marks) {
        if (!marks.fingerprint().equals(config.fingerprint())) {
            throw new RefusedException(
                    "wrong-configuration",
                    "stream " + config.name() + ": its counts were made with configuration "
                            + brief(marks.fingerprint())
                            + ", this one is " + brief(config.fingerprint())
                            + ". Run the former configuration, give the stream another name, or start it over with:"
                            + " tidemark reset " + config.name());
        }
        if (!marks.frozen().isEmpty()) {
            throw new RefusedException(
                    "frozen",
                    "stream " + config.name() + " takes no counts: " + marks.frozen()
                            + ". It goes on when that is done; if it broke off, do it again.");
        }
    }

    /** @throws RefusedException {@code topic-recreated}, {@code compacted} and what {@link #checkEnds} says */
    void checkLog(Marks marks, LogView log) {
        if (!marks.topicId().equals(log.topicId())) {
            throw refusals.topicRecreated(log.topicId(), marks.topicId());
        }
        checkCompaction(log.compacted());
        List<LogRefusals.Place> lost = new ArrayList<>();
        log.first().forEach((partition, first) -> {
            long mark = marks.of(partition);
            if (first > mark) {
                lost.add(new LogRefusals.Place(partition, mark, first));
            }
        });
        if (!lost.isEmpty()) {
            throw refusals.recordsLost(lost);
        }
        checkEnds(marks, log.ends());
    }

    /**
     * @throws RefusedException {@code log-truncated}
     * @throws LogUnavailableException when the log did not name a partition that was counted before
     */
    void checkEnds(Marks marks, SortedMap<Integer, Long> ends) {
        List<LogRefusals.Place> truncated = new ArrayList<>();
        for (Map.Entry<Integer, Long> mark : marks.next().entrySet()) {
            Long end = ends.get(mark.getKey());
            if (end == null) {
                throw new LogUnavailableException(
                        "topic " + config.topic() + ": Kafka does not name partition " + mark.getKey()
                                + ", which has been counted up to " + mark.getValue(),
                        null);
            }
            if (end < mark.getValue()) {
                truncated.add(new LogRefusals.Place(mark.getKey(), mark.getValue(), end));
            }
        }
        if (!truncated.isEmpty()) {
            throw refusals.logTruncated(truncated);
        }
    }

    /** Whether counting can begin at these offsets. @throws RefusedException {@code records-lost} */
    void checkStart(Map<Integer, Long> start, LogView log) {
        checkCompaction(log.compacted());
        List<LogRefusals.Place> lost = new ArrayList<>();
        start.forEach((partition, offset) -> {
            long first = log.first().getOrDefault(partition, 0L);
            if (first > offset) {
                lost.add(new LogRefusals.Place(partition, offset, first));
            }
        });
        if (!lost.isEmpty()) {
            throw refusals.startLost(lost);
        }
    }

    private void checkCompaction(boolean compacted) {
        if (compacted && !config.compactionMeant()) {
            throw new RefusedException(
                    "compacted",
                    "stream " + config.name() + ": topic " + config.topic() + " has cleanup.policy compact, by which"
                            + " Kafka deletes records before they are counted. Set cleanup.policy to delete, or say in"
                            + " the configuration that compaction is meant.");
        }
    }

    private static String brief(String fingerprint) {
        return fingerprint.substring(0, Math.min(12, fingerprint.length()));
    }
}
