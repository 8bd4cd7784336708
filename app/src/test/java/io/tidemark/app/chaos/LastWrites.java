package io.tidemark.app.chaos;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.Stream;

/** What a Redis that is stopped has written last. */
final class LastWrites {
    /** At most this share of the last append-only file is cut off, so that there is a stream left. */
    private static final int SHARE = 4;

    private static final int MOST_BYTES = 400_000;

    private LastWrites() {}

    /** Cuts its append-only file at a random byte, in the middle of a command or not. @param redis its folder */
    static void lose(Path redis, Random random) throws IOException {
        Path file;
        try (Stream<Path> files = Files.list(redis.resolve("appendonlydir"))) {
            file = files.filter(each -> each.toString().endsWith(".incr.aof"))
                    .max(Comparator.comparingLong(LastWrites::number))
                    .orElseThrow();
        }
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
            long most = Math.min(MOST_BYTES, opened.length() / SHARE);
            opened.setLength(opened.length() - random.nextLong(most + 1));
        }
    }

    /** {@code appendonly.aof.12.incr.aof} is number 12. */
    private static long number(Path file) {
        return Long.parseLong(file.getFileName().toString().split("\\.")[2]);
    }
}
