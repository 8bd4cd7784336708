package io.tidemark.stream;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.OptionalLong;

/** The sizes of time buckets, all of them UTC. Each larger one is a whole number of the smaller. */
public enum BucketSize {
    MINUTE(60, 16),
    HOUR(3_600, 13),
    DAY(86_400, 10);

    private final long seconds;
    private final int labelLength;

    BucketSize(long seconds, int labelLength) {
        this.seconds = seconds;
        this.labelLength = labelLength;
    }

    public long seconds() {
        return seconds;
    }

    /** The name in configurations, keys and answers: {@code minute}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The start, in Unix seconds, of the bucket that holds this Unix second. */
    public long startOf(long unixSecond) {
        return Math.floorDiv(unixSecond, seconds) * seconds;
    }

    /** The start, in Unix seconds, of the bucket with this name; empty when it is no bucket's name. */
    public OptionalLong parse(String name) {
        try {
            long start = Instant.parse(name + "1970-01-01T00:00:00Z".substring(name.length()))
                    .getEpochSecond();
            return name.length() == labelLength && startOf(start) == start
                    ? OptionalLong.of(start)
                    : OptionalLong.empty();
        } catch (DateTimeParseException | StringIndexOutOfBoundsException e) {
            return OptionalLong.empty();
        }
    }

    /** The bucket's name by its start in Unix seconds: {@code 2026-11-24T10:05}, {@code 2026-11-24T10}. */
    public String format(long startUnixSecond) {
        String text = Instant.ofEpochSecond(startUnixSecond)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
        return text.substring(0, labelLength);
    }
}
