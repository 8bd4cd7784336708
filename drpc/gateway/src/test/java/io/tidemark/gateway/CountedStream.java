package io.tidemark.gateway;

import io.tidemark.commit.RedisAddress;
import io.tidemark.stream.BundledStreams;
import io.tidemark.stream.StreamConfig;
import io.tidemark.testing.CountedRecords;
import java.time.Instant;
import java.util.List;

/** The bundled stream with one partition, counted into a real Redis, record by record. */
final class CountedStream implements AutoCloseable {
    private final CountedRecords records;

    CountedStream(RedisAddress redis) {
        this(redis, BundledStreams.wikipedia());
    }

    CountedStream(RedisAddress redis, StreamConfig config) {
        records = new CountedRecords(redis, config);
    }

    /** One commit of these records. */
    void count(String... edits) {
        count(List.of(edits));
    }

    void count(List<String> edits) {
        records.count(Instant.now(), edits);
    }

    /** The next offset to count. */
    long end() {
        return records.end();
    }

    /** What a coordinator tells about once a second. */
    void report() {
        records.report(null);
    }

    /** Starts over with no counts. */
    void startOver() {
        records.startOver();
    }

    static String edit(String user, boolean bot) {
        return edit(user, bot, "enwiki", "Sample page");
    }

    /** @param title JSON-escaped */
    static String edit(String user, boolean bot, String wiki, String title) {
        return "{\"type\":\"edit\",\"namespace\":0,\"title\":\"" + title + "\",\"user\":\"" + user + "\",\"bot\":" + bot
                + ",\"wiki\":\"" + wiki + "\"}";
    }

    @Override
    public void close() {
        records.close();
    }
}
