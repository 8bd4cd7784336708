package io.tidemark.app.service;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the append-only file of a Redis that does not run ends. A crash of the machine may end it inside a commit, which
 * lies there between {@code MULTI} and {@code EXEC}. Redis (seen with 7.0.15; Valkey calls it a bug and mended it in
 * 2026, pull request 4342) cuts such a file behind its last whole command and leaves the rest of the commit where it is;
 * it does not count at that start, but later commits are appended to it, and the start after that executes it together
 * with the next one: part of a commit would be counted twice.
 */
public final class AppendOnlyFileEnd {
    private static final String FOLDER = "appendonlydir";
    private static final String MANIFEST = "appendonly.aof.manifest";
    private static final int LONGEST_WORD = 16;

    private final InputStream in;
    private long at;

    private AppendOnlyFileEnd(InputStream in) {
        this.in = in;
    }

    /** The file is not what Redis writes: that is for Redis to judge. */
    private static final class UnknownFormatException extends IOException {
        private static final long serialVersionUID = 1;
    }

    /**
     * Cuts off a commit that the file ends in the middle of. All else is left alone: a torn command outside of commits is
     * cut by Redis, and a file that cannot be understood is refused by Redis.
     *
     * @param redis folder that Redis works in
     * @return bytes that were cut off
     */
    public static long cutTornCommit(Path redis) throws IOException {
        Path last = lastIncrement(redis.resolve(FOLDER));
        if (last == null) {
            return 0;
        }
        long torn;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(last), 1 << 16)) {
            torn = new AppendOnlyFileEnd(in).tornFrom();
        } catch (UnknownFormatException e) {
            return 0;
        }
        try (RandomAccessFile file = new RandomAccessFile(last.toFile(), "rw")) {
            long cut = torn < 0 ? 0 : file.length() - torn;
            if (cut > 0) {
                file.setLength(torn);
                file.getFD().sync();
            }
            return cut;
        }
    }

    /** The one that is appended to; null when there is none. */
    private static Path lastIncrement(Path folder) throws IOException {
        Path manifest = folder.resolve(MANIFEST);
        if (!Files.exists(manifest)) {
            return null;
        }
        Path last = null;
        for (String line : Files.readAllLines(manifest, StandardCharsets.UTF_8)) {
            String[] words = line.split(" ");
            if (words.length >= 6 && words[0].equals("file") && words[5].equals("i")) {
                last = folder.resolve(words[1]);
            }
        }
        return last != null && Files.exists(last) ? last : null;
    }

    /** Where the commit begins that is not whole; -1 when there is none. */
    private long tornFrom() throws IOException {
        long begun = -1;
        try {
            while (true) {
                long from = at;
                String word = command();
                if (word == null) {
                    return begun;
                }
                if (word.equalsIgnoreCase("MULTI")) {
                    begun = from;
                } else if (word.equalsIgnoreCase("EXEC")) {
                    begun = -1;
                }
            }
        } catch (EOFException e) {
            return begun;
        }
    }

    /** Its first word; null at the end, and an empty one for a note. */
    private String command() throws IOException {
        int type = in.read();
        if (type < 0) {
            return null;
        }
        at++;
        if (type == '#') {
            line();
            return "";
        }
        int words = number(type, '*');
        String first = word();
        for (int i = 1; i < words; i++) {
            skip(number(next(), '$') + 2L);
        }
        return first;
    }

    private String word() throws IOException {
        int length = number(next(), '$');
        if (length > LONGEST_WORD) {
            skip(length + 2L);
            return "";
        }
        byte[] bytes = in.readNBytes(length);
        at += bytes.length;
        if (bytes.length < length) {
            throw new EOFException();
        }
        skip(2);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private int number(int type, char expected) throws IOException {
        if (type != expected) {
            throw new UnknownFormatException();
        }
        String digits = line();
        try {
            int number = Integer.parseInt(digits);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw (IOException) new UnknownFormatException().initCause(e);
        }
        throw new UnknownFormatException();
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = next(); c != '\n'; c = next()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private int next() throws IOException {
        int c = in.read();
        if (c < 0) {
            throw new EOFException();
        }
        at++;
        return c;
    }

    private void skip(long bytes) throws IOException {
        in.skipNBytes(bytes);
        at += bytes;
    }
}
