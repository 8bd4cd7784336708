package io.tidemark.commit;

import io.tidemark.tally.CountKey;

/**
 * The names of a stream's keys in Redis: a public interface. All of them carry one hash tag, so they live on one node.
 *
 * @param stream name of the stream
 */
public record StreamKeys(String stream) {
    /** Set of the names of all streams. */
    public static final String STREAMS = "tidemark:streams";

    /** Hash of the names that readers ask by and the streams that these lead to. */
    public static final String ALIASES = "tidemark:aliases";

    /** Hash of the streams that are counted from the beginning for now, and the names that are to lead to them then. */
    public static final String BACKFILLS = "tidemark:backfills";

    /** A set of the streams that a name led to before it led to another: nobody is offered them. */
    public static final String REPLACED = "tidemark:replaced";

    /** The version of this layout, kept in the main hash. */
    public static final String FORMAT = "1";

    /** Whose counts these are, marks, configuration. */
    public String main() {
        return "tidemark:{" + stream + "}";
    }

    public String accounts() {
        return main() + ":accounts";
    }

    /** Rejected records by reason. */
    public String rejected() {
        return main() + ":rejected";
    }

    /** Positions of the last rejected records of a partition. */
    public String rejectedAt(int partition) {
        return main() + ":rejected-at:" + partition;
    }

    /** The buckets there are, by their end. */
    public String buckets() {
        return main() + ":buckets";
    }

    /** What the coordinator saw when it last looked. */
    public String health() {
        return main() + ":health";
    }

    /**
     * Never holds anything. A script that also reads keys which it does not declare declares this one: so a Redis Cluster
     * refuses it while the stream's keys are being moved, one after the other, to another node.
     */
    public String nothing() {
        return main() + ":nothing";
    }

    public String count(CountKey key) {
        return main() + ":" + key;
    }

    /** The key of one dimension in a bucket, by the bucket's name in {@link #buckets()}: {@code minute:2026-11-24T10:05}. */
    public String bucket(String dimension, String bucket) {
        int colon = bucket.indexOf(':');
        return main() + ":" + bucket.substring(0, colon) + ":" + dimension + bucket.substring(colon);
    }

    /** Channel on which each cut is told. */
    public String commits() {
        return main() + ":commits";
    }
}
