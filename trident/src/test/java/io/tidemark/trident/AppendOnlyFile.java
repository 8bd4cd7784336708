package io.tidemark.trident;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The append-only file of a Redis that is stopped, to be cut as a crash of the machine may cut it. */
final class AppendOnlyFile {
    private static final String BEGIN = "*1\r\n$5\r\nMULTI\r\n";
    private static final String END = "*1\r\n$4\r\nEXEC\r\n";

    private final Path file;
    private final List<Commit> commits = new ArrayList<>();

    /** Where a commit lies. */
    private record Commit(int first, int end) {}

    /** @param folder of the Redis */
    AppendOnlyFile(Path folder) {
        try (Stream<Path> files = Files.list(folder.resolve("appendonlydir"))) {
            file = files.filter(f -> f.toString().endsWith(".incr.aof"))
                    .max(Path::compareTo)
                    .orElseThrow();
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            for (int at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, at + 1)) {
                int end = text.indexOf(END, at);
                if (end >= 0 && text.substring(at, end).contains("\r\ncommitted-at\r\n")) {
                    commits.add(new Commit(at, end + END.length()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Loses the last commits, and whatever was written between and after them. */
    void loseCommits(int count) {
        cut(commits.get(commits.size() - count).first());
    }

    /** The file ends in the middle of a commit. @param before so many whole commits are lost behind it */
    void endInsideCommit(int before) {
        Commit broken = commits.get(commits.size() - 1 - before);
        cut((broken.first() + broken.end()) / 2);
    }

    private void cut(int length) {
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
            opened.setLength(length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
