package io.tidemark.oracle;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What the contract says of the bundled stream, written down a second time. */
public final class WikipediaStream {
    public static final String NAME = "wiki";
    public static final String TOPIC = "WikiPediaLogs";
    /** Kept in total, by minute and by hour. */
    public static final List<String> TOTALS = List.of("action", "kind", "actor", "login", "namespace", "wiki");
    /** Kept by hour, in sorted sets. */
    public static final List<String> RANKED = List.of("user", "page");

    /** So many rejected records of each partition are kept by position. */
    public static final int REJECTED_KEPT = 1_000;

    private WikipediaStream() {}

    /** A size of buckets. */
    public enum Bucket {
        MINUTE("minute", 60, 16, Duration.ofHours(48)),
        HOUR("hour", 3_600, 13, Duration.ofDays(60));

        public final String label;
        public final long seconds;
        public final Duration retention;
        private final int length;

        Bucket(String label, long seconds, int length, Duration retention) {
            this.label = label;
            this.seconds = seconds;
            this.length = length;
            this.retention = retention;
        }

        /** Start of the bucket that holds this Unix second. */
        public long start(long second) {
            return Math.floorDiv(second, seconds) * seconds;
        }

        /** Its name: {@code 2026-11-24T10:05}. */
        public String name(long start) {
            return Instant.ofEpochSecond(start).toString().substring(0, length);
        }

        /** Whether the bucket with this start is gone at this time (Unix milliseconds). */
        public boolean gone(long start, long clock) {
            return clock != Long.MIN_VALUE && (start + seconds) * 1_000 < clock - retention.toMillis();
        }
    }
}
