package io.tidemark.plan;

import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfig;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is refused because of what Kafka has done to the topic, in words: what was seen, what it means, what to do. The
 * same words wherever it is noticed.
 */
public final class LogRefusals {
    private final StreamConfig config;

    public LogRefusals(StreamConfig config) {
        this.config = config;
    }

    /**
     * Where something is missing.
     *
     * @param wanted the offset that was to be read or compared
     * @param found what there is instead: the first offset that Kafka keeps, or the last one
     */
    public record Place(int partition, long wanted, long found) {}

    /** @param id of the topic as it is now @param counted id of the topic that the counts are of */
    public RefusedException topicRecreated(String id, String counted) {
        return new RefusedException(
                "topic-recreated",
                "stream " + config.name() + ": topic " + config.topic() + " has id " + id
                        + ", its counts were made from "
                        + counted + ": it was deleted and created anew. Start over with: tidemark reset "
                        + config.name());
    }

    /** @param lost marks, and the first offsets that Kafka keeps */
    public RefusedException recordsLost(List<Place> lost) {
        String places = lost.stream()
                .map(each ->
                        "partition " + each.partition() + ": the mark is " + each.wanted() + " but Kafka keeps records"
                                + " from " + each.found() + " on; " + (each.found() - each.wanted())
                                + " offsets were deleted before they were counted")
                .collect(Collectors.joining("; "));
        String skips = lost.stream()
                .map(each -> "tidemark skip " + config.name() + " " + each.partition() + " " + each.found())
                .collect(Collectors.joining("; "));
        return new RefusedException(
                "records-lost",
                where() + places + ". Raise retention.ms and retention.bytes, then go on without them with: " + skips
                        + "   or start over with: tidemark reset " + config.name());
    }

    /** Where counting would begin is gone. @param lost starts, and the first offsets that Kafka keeps */
    public RefusedException startLost(List<Place> lost) {
        String places = lost.stream()
                .map(each -> "partition " + each.partition() + ": counting began at " + each.wanted()
                        + " but Kafka keeps" + " records from " + each.found() + " on")
                .collect(Collectors.joining("; "));
        return new RefusedException(
                "records-lost",
                where() + places
                        + ", and Redis has lost the counts. Restore Redis from a backup, or start over from what"
                        + " there is with: tidemark reset " + config.name());
    }

    /** @param truncated marks, and where the partitions end */
    public RefusedException logTruncated(List<Place> truncated) {
        String places = truncated.stream()
                .map(each -> "partition " + each.partition() + ": the mark is " + each.wanted() + " but it ends at "
                        + each.found())
                .collect(Collectors.joining("; "));
        return new RefusedException("log-truncated", where() + places + lostWhatWasCounted());
    }

    /** The log has other records below an offset than those that were counted. */
    public RefusedException logDiverged(int partition, long offset) {
        return new RefusedException(
                "log-truncated",
                where() + "partition " + partition + ": the records below offset " + offset + " are not those that were"
                        + " counted" + lostWhatWasCounted());
    }

    private String where() {
        return "stream " + config.name() + ", topic " + config.topic() + ", ";
    }

    private String lostWhatWasCounted() {
        return ". Kafka lost records that were counted. Start over with: tidemark reset " + config.name();
    }
}
