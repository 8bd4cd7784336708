package io.tidemark.app.service;

import io.tidemark.app.CommandFailedException;
import io.tidemark.app.ExitCodes;
import io.tidemark.commit.RedisAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.embedded.RedisServer;

/** The files of the embedded Redis: the server's binary, its password, its configuration. */
public final class RedisFiles {
    private static final Logger LOG = LoggerFactory.getLogger(RedisFiles.class);
    private static final String VERSION = "7.0.15";

    /** A line of its output that contains this says that it takes connections, with everything loaded. */
    public static final String READY_SIGN = "Ready to accept connections";

    private final DataFolder folder;

    public RedisFiles(DataFolder folder) {
        this.folder = folder;
    }

    private Path binary() {
        return folder.redis().resolve("redis-server-" + VERSION);
    }

    private Path password() {
        return folder.redis().resolve("password");
    }

    private Path configuration() {
        return folder.redis().resolve("redis.conf");
    }

    public RedisAddress address(int port) {
        return new RedisAddress("redis://127.0.0.1:" + port + "/0", password().toString());
    }

    /** Whether an address is of the Redis that lives in this folder. */
    boolean isOf(RedisAddress address) {
        return password().toString().equals(address.passwordFile());
    }

    /** The server's command line, once what a crash of the machine has torn is cut off its append-only file. */
    public ProcessBuilder command() {
        try {
            long cut = AppendOnlyFileEnd.cutTornCommit(folder.redis());
            if (cut > 0) {
                LOG.warn("the last commit in Redis's append-only file was torn: its {} bytes are cut off", cut);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look into Redis's append-only file in " + folder.redis(), e);
        }
        return ChildCommands.server(
                folder, "redis", binary().toString(), configuration().toString());
    }

    /** Writes what is missing, and the configuration for this start. */
    public void prepare(int port) {
        try {
            Files.createDirectories(folder.redis());
            unpack();
            if (!Files.exists(password())) {
                byte[] random = new byte[32];
                new SecureRandom().nextBytes(random);
                DataFolder.writeAtomically(
                        password(), Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n");
            }
            DataFolder.writeAtomically(configuration(), configuration(port));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare Redis in " + folder.redis(), e);
        }
    }

    private String configuration(int port) throws IOException {
        // The process runs in the data folder, so that a folder with blanks or quotes in its name needs no care here.
        return """
                bind 127.0.0.1
                port %d
                protected-mode yes
                requirepass %s
                dir redis
                appendonly yes
                appendfsync everysec
                save ""
                maxmemory-policy noeviction
                daemonize no
                logfile ""
                """.formatted(port, Files.readString(password()).strip());
    }

    private void unpack() throws IOException {
        String name = "redis-server-" + VERSION + "-" + system() + "-" + architecture();
        if (Files.isExecutable(binary())) {
            return;
        }
        Path part = binary().resolveSibling(binary().getFileName() + ".part");
        try (InputStream in = RedisServer.class.getResourceAsStream("/" + name)) {
            if (in == null) {
                throw new CommandFailedException(
                        ExitCodes.REFUSED, "there is no embedded Redis for this machine (" + name + ").");
            }
            Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwx------"));
        Files.move(part, binary(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String system() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
    }

    private static String architecture() {
        return switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "amd64";
            case "aarch64", "arm64" -> "arm64";
            default -> System.getProperty("os.arch");
        };
    }
}
