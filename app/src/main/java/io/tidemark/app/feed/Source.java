package io.tidemark.app.feed;

import io.tidemark.app.CommandFailedException;
import io.tidemark.app.ExitCodes;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;

/** Where lines come from: a file, a compressed file by its name ending in {@code .gz}, or standard input ({@code -}). */
final class Source {
    /** What stands for standard input. */
    static final String STANDARD_INPUT = "-";

    private final String name;
    private final long size;

    private Source(String name, long size) {
        this.name = name;
        this.size = size;
    }

    /** @throws CommandFailedException when there is no such file, or it cannot be read */
    static Source of(String name) {
        if (name.equals(STANDARD_INPUT)) {
            return new Source(name, -1);
        }
        Path path = Path.of(name);
        if (!Files.exists(path)) {
            throw new CommandFailedException(ExitCodes.USAGE, "there is no file " + path + ". Nothing was sent.");
        }
        if (Files.isDirectory(path) || !Files.isReadable(path)) {
            throw new CommandFailedException(
                    ExitCodes.USAGE,
                    path + (Files.isDirectory(path) ? " is a folder" : " cannot be read") + ". Nothing was sent.");
        }
        try {
            return new Source(name, Files.isRegularFile(path) ? Files.size(path) : -1);
        } catch (IOException e) {
            throw new CommandFailedException(ExitCodes.USAGE, path + " cannot be read: " + e.getMessage(), e);
        }
    }

    String name() {
        return name.equals(STANDARD_INPUT) ? "standard input" : name;
    }

    /** Bytes of the file as it lies there; -1 where that is not known. */
    long size() {
        return size;
    }

    /** @param read is told how many bytes of the file have been read, compressed ones if it is */
    InputStream open(AtomicLong read) throws IOException {
        InputStream raw = name.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(Path.of(name));
        InputStream counted = new Counted(raw, read);
        return name.endsWith(".gz") ? new GZIPInputStream(new BufferedInputStream(counted, 1 << 16), 1 << 16) : counted;
    }

    private static final class Counted extends FilterInputStream {
        private final AtomicLong read;

        Counted(InputStream in, AtomicLong read) {
            super(in);
            this.read = read;
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            if (b >= 0) {
                read.incrementAndGet();
            }
            return b;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int count = super.read(into, offset, length);
            if (count > 0) {
                read.addAndGet(count);
            }
            return count;
        }
    }
}
