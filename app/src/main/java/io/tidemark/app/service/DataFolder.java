package io.tidemark.app.service;

import io.tidemark.app.CommandFailedException;
import io.tidemark.app.ExitCodes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

/**
 * The folder that holds everything of a service on this machine: events, counts, logs, and where it runs. A service
 * holds its lock for as long as it lives, however it ends.
 */
public final class DataFolder {
    private final Path path;

    public DataFolder(Path path) {
        this.path = path.toAbsolutePath().normalize();
    }

    public Path path() {
        return path;
    }

    public Path logs() {
        return path.resolve("logs");
    }

    /** The log of one part: {@code service}, {@code kafka}, {@code redis}, {@code storm}, {@code feed}. */
    public Path log(String part) {
        return logs().resolve(part + ".log");
    }

    public Path kafka() {
        return path.resolve("kafka");
    }

    public Path redis() {
        return path.resolve("redis");
    }

    /** Scratch of Storm and ZooKeeper, emptied at each start: nothing that counts lives there. */
    public Path storm() {
        return path.resolve("storm");
    }

    /** What the Storm child was last told. */
    public Path stormSettings() {
        return path.resolve("storm.json");
    }

    /** The password of a Redis that is not this folder's own. */
    Path redisPassword() {
        return path.resolve("redis-password");
    }

    public Path processNotes() {
        return path.resolve("processes.json");
    }

    Path serviceFile() {
        return path.resolve("service.json");
    }

    public boolean exists() {
        return Files.isDirectory(path);
    }

    /** Makes the folder, readable by its owner only, and its logs folder. */
    public void create() {
        try {
            if (!Files.isDirectory(path)) {
                Files.createDirectories(path.getParent());
                Files.createDirectory(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Files.createDirectories(logs());
        } catch (IOException e) {
            throw new CommandFailedException(
                    ExitCodes.REFUSED,
                    "the data folder " + path + " cannot be made: " + e.getMessage()
                            + ". Choose another with --data DIR.",
                    e);
        }
    }

    /**
     * Takes the lock of the folder for this process; the system lets go of it when the process ends.
     *
     * @throws CommandFailedException when another service has it
     */
    public FileLock lock() {
        Path file = path.resolve("lock");
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                String holder = Files.readString(file).strip();
                channel.close();
                throw new CommandFailedException(
                        ExitCodes.REFUSED,
                        "a service already runs on the data folder " + path
                                + (holder.isEmpty() ? "" : " (process " + holder + ")")
                                + ". Stop it first" + (holder.isEmpty() ? "" : " (kill " + holder + ")")
                                + ", or choose another folder with --data DIR.");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
            return lock;
        } catch (IOException e) {
            throw new CommandFailedException(ExitCodes.REFUSED, "cannot lock " + file + ": " + e.getMessage(), e);
        }
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** Whether a service holds the folder's lock now. */
    public boolean isLocked() {
        Path file = path.resolve("lock");
        if (!Files.exists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = tryLock(channel)) {
            return lock == null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at the lock " + file, e);
        }
    }

    /** Bytes on disk of one part of the folder, or of all of it; what vanishes meanwhile is left out. */
    public static long diskUse(Path part) {
        if (!Files.exists(part, LinkOption.NOFOLLOW_LINKS)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(part)) {
            return files.mapToLong(DataFolder::size).sum();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    private static long size(Path file) {
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    /** Writes a file so that readers see the old text or the new one, never a part; for the owner only. */
    public static void writeAtomically(Path file, String text) {
        try {
            Path part = file.resolveSibling(file.getFileName() + ".part");
            Files.deleteIfExists(part);
            Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(part, text);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Removes a folder with everything in it, and makes it anew, empty. */
    public static void empty(Path folder) {
        remove(folder);
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + folder, e);
        }
    }

    /** Removes a folder with everything in it; links in it, not what they lead to. */
    public static void remove(Path folder) {
        try {
            if (Files.exists(folder)) {
                try (Stream<Path> files = Files.walk(folder)) {
                    for (Path file :
                            files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                        Files.deleteIfExists(file);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + folder, e);
        }
    }
}
