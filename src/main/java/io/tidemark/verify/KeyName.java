package io.tidemark.verify;

import io.tidemark.stream.BucketSize;
import io.tidemark.stream.Dimension;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.CountKey;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Reads the names that counts and buckets have in Redis. */
final class KeyName {
    private KeyName() {}

    /** The count that is kept under a name ({@code minute:actor:2026-11-24T10:05}) in this stream; empty when none is. */
    static Optional<CountKey> count(StreamConfig config, String name) {
        String[] parts = name.split(":", 3);
        if (parts.length < 2) {
            return Optional.empty();
        }
        Optional<Dimension> dimension = config.dimension(parts[1]);
        if (dimension.isEmpty()) {
            return Optional.empty();
        }
        if (parts.length == 2) {
            return parts[0].equals("total") && dimension.get().total()
                    ? Optional.of(CountKey.total(parts[1]))
                    : Optional.empty();
        }
        return bucket(parts[0], parts[2])
                .filter(b -> dimension.get().buckets().contains(b.size()))
                .map(b -> CountKey.bucket(parts[1], b.size(), b.start()));
    }

    /** A bucket of no dimension in particular. @param start in Unix seconds */
    record Bucket(BucketSize size, long start) {
        long end() {
            return start + size.seconds();
        }

        String name() {
            return size.label() + ":" + size.format(start);
        }
    }

    /** The bucket of a name as in the list of buckets: {@code minute:2026-11-24T10:05}; empty when it is none. */
    static Optional<Bucket> bucket(String name) {
        int colon = name.indexOf(':');
        return colon < 0 ? Optional.empty() : bucket(name.substring(0, colon), name.substring(colon + 1));
    }

    static Bucket bucketOf(CountKey key) {
        return new Bucket(key.size(), key.start());
    }

    private static Optional<Bucket> bucket(String label, String time) {
        for (BucketSize size : BucketSize.values()) {
            if (size.label().equals(label)) {
                return start(size, time).map(start -> new Bucket(size, start));
            }
        }
        return Optional.empty();
    }

    private static Optional<Long> start(BucketSize size, String time) {
        String rest = switch (size) {
            case MINUTE -> ":00Z";
            case HOUR -> ":00:00Z";
            case DAY -> "T00:00:00Z";
        };
        try {
            long start = Instant.parse(time + rest).getEpochSecond();
            boolean exactly = size.startOf(start) == start && size.format(start).equals(time);
            return exactly ? Optional.of(start) : Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
