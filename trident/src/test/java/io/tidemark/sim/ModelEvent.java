package io.tidemark.sim;

import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A record with the verdict that it must get. Categories go round by different primes, so that a record that is missing
 * shows in other counts than one that is counted twice.
 *
 * @param timestamp of the record, in Unix milliseconds
 * @param time of the event, in Unix seconds
 * @param value of the record
 * @param verdict what becomes of it
 * @param a category of dimension {@code a}
 * @param b category of dimension {@code b}
 * @param partition it is sent to, part of every category
 */
record ModelEvent(long timestamp, long time, byte[] value, Verdict verdict, int a, int b, int partition) {
    enum Verdict {
        COUNTED,
        LATE,
        FILTERED,
        REJECTED
    }

    static final int A = 7;
    static final int B = 11;
    static final int COUNTED = A + B;
    static final int LATE = COUNTED + 1;
    static final int FILTERED = COUNTED + 2;
    static final int REJECTED = COUNTED + 3;
    static final int COUNTS = REJECTED + 1;

    private static final String[][] NAMES = names();
    private static final int LATENESS_SECONDS = 60;

    /** Minutes of record time that a minute is kept. */
    static final long RETENTION_MILLIS = 180_000;

    private static final StreamConfig[] CONFIGS = {config(1, "a", "b"), config(2, "a", "b")};

    private static final StreamConfig[] OLD_CONFIGS = {config(1, "b", "a"), config(2, "b", "a")};

    /** @param shards 1 or 2 */
    static StreamConfig config(int shards) {
        return CONFIGS[shards - 1];
    }

    /** The same stream with its dimensions the other way round, as an older submission may have had them. */
    static StreamConfig oldConfig(int shards) {
        return OLD_CONFIGS[shards - 1];
    }

    private static StreamConfig config(int shards, String a, String b) {
        return StreamConfigReader.read("""
                stream: sim
                topic: tides
                shards: %d
                where: {not: {/drop: true}}
                time: {fields: [/t], lateness: 1m}
                buckets: {minute: 3m}
                dimensions:
                  a: [{field: /%s}]
                  b: [{field: /%s}]
                  who: {ranked: true, buckets: [minute], rules: [{field: /a}]}
                """.formatted(shards, a, b), Path.of("."));
    }

    /** @param number of the event, from which everything follows */
    static ModelEvent of(int partition, int number, long timestamp) {
        Verdict verdict = number % 9 == 8
                ? Verdict.REJECTED
                : number % 10 == 7 ? Verdict.FILTERED : number % 12 == 5 ? Verdict.LATE : Verdict.COUNTED;
        long time = timestamp / 1_000 - (verdict == Verdict.LATE ? LATENESS_SECONDS + 5 : number % 50);
        int a = number % A;
        int b = number % B;
        String text = verdict == Verdict.REJECTED
                ? "no JSON " + number
                : "{\"a\":\"%s\",\"b\":\"%s\",\"t\":%d,\"drop\":%b}"
                        .formatted(name(partition, a), name(partition, b), time, verdict == Verdict.FILTERED);
        return new ModelEvent(timestamp, time, text.getBytes(StandardCharsets.UTF_8), verdict, a, b, partition);
    }

    static String name(int partition, int category) {
        return partition < NAMES.length ? NAMES[partition][category] : partition + "-" + category;
    }

    private static String[][] names() {
        String[][] names = new String[16][B];
        for (int p = 0; p < names.length; p++) {
            for (int c = 0; c < B; c++) {
                names[p][c] = p + "-" + c;
            }
        }
        return names;
    }

    boolean isInBuckets() {
        return verdict == Verdict.COUNTED;
    }

    void addTo(int[] counts) {
        switch (verdict) {
            case REJECTED -> counts[REJECTED]++;
            case FILTERED -> counts[FILTERED]++;
            default -> {
                counts[a]++;
                counts[A + b]++;
                counts[COUNTED]++;
                counts[LATE] += verdict == Verdict.LATE ? 1 : 0;
            }
        }
    }
}
