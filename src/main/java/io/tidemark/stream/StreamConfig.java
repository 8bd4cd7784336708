package io.tidemark.stream;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration of a stream, valid and complete. Immutable.
 *
 * @param name of the stream, {@code [a-z][a-z0-9-]{0,31}}
 * @param topic Kafka topic
 * @param startAt where counting begins when nothing has been counted yet
 * @param readCommitted whether records of aborted transactions are left out
 * @param compactionMeant whether a topic that is compacted is accepted
 * @param shards number of shards, 1 unless it outgrows one Redis node
 * @param dimensions in the order of the configuration
 * @param lateness how far an event's time may lie before its record's; a later one is in no bucket
 * @param retention of each bucket size that is kept
 * @param rules what decides whether and where a record counts
 * @param aliases other names of categories
 * @param deployment how it asks to be run
 * @param fingerprint of everything that decides what is counted, lookup files' contents included; hex
 * @param text the configuration as stored beside the counts, readable by {@code StreamConfigReader}
 */
public record StreamConfig(
        String name,
        String topic,
        StartAt startAt,
        boolean readCommitted,
        boolean compactionMeant,
        int shards,
        List<Dimension> dimensions,
        Duration lateness,
        Map<BucketSize, Duration> retention,
        Rules rules,
        Aliases aliases,
        Deployment deployment,
        String fingerprint,
        String text) {
    public StreamConfig {
        dimensions = List.copyOf(dimensions);
        retention = Map.copyOf(retention);
    }

    public Optional<Dimension> dimension(String dimensionName) {
        return dimensions.stream().filter(d -> d.name().equals(dimensionName)).findFirst();
    }

    /** Whether a program of its own adds this stream up, so that its configuration says nothing of what is counted. */
    public boolean isByProgram() {
        return dimensions.stream().anyMatch(Dimension::isByProgram);
    }

    /** Where counting begins when nothing has been counted yet. */
    public enum StartAt {
        EARLIEST,
        LATEST
    }
}
