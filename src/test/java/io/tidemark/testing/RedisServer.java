package io.tidemark.testing;

import io.tidemark.commit.RedisAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A real Redis server for tests: the static binary of embedded-redis with a configuration of its own, on a free port of
 * the loopback, with a password and an append-only file in the given folder. It can be stopped, killed, suspended and
 * started again on the same data. It dies with this JVM. Used by one thread.
 */
public final class RedisServer implements AutoCloseable {
    private static final Duration START_TIME = Duration.ofSeconds(20);

    private final Path folder;
    private final List<String> extraLines;
    private final String password;
    private final int port;
    private Process process;
    private Thread atExit;

    private RedisServer(Path folder, String password, List<String> extraLines) {
        this.folder = folder;
        this.extraLines = new ArrayList<>(extraLines);
        this.password = password;
        this.port = freePort();
    }

    /**
     * Starts a server on this folder and waits until it answers.
     *
     * @param folder of its data, binary, log and password file; made when missing
     * @param extraLines of its configuration, after ours: the last line of a name wins
     */
    public static RedisServer start(Path folder, String... extraLines) {
        return start(new RedisServer(folder, randomPassword(), List.of(extraLines)));
    }

    /** Starts one with this password, which may be that of another server, so that one can be a replica of the other. */
    public static RedisServer startWithPassword(Path folder, String password, String... extraLines) {
        return start(new RedisServer(folder, password, List.of(extraLines)));
    }

    /** Starts another one with the same password, so that one can be a replica of the other and take its place. */
    public RedisServer startSibling(Path siblingFolder, String... lines) {
        return start(new RedisServer(siblingFolder, password, List.of(lines)));
    }

    private static RedisServer start(RedisServer server) {
        try {
            Files.createDirectories(server.folder);
            server.writePasswordFile();
            server.extractBinary();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.start();
        return server;
    }

    public int port() {
        return port;
    }

    public String password() {
        return password;
    }

    public Path passwordFile() {
        return folder.resolve("password");
    }

    public Path folder() {
        return folder;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    public RedisAddress address() {
        return new RedisAddress("redis://127.0.0.1:" + port, passwordFile().toString());
    }

    /** Configuration lines that count from the next start on, after those that are there. */
    public void addLines(String... lines) {
        extraLines.addAll(List.of(lines));
    }

    /** Starts it again on the same folder and port, and waits until it has loaded its data. */
    public void start() {
        launch();
        long deadline = System.nanoTime() + START_TIME.toNanos();
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException("Redis did not start on port " + port + ": " + log());
            }
            pause();
        }
    }

    /** Starts it without waiting for an answer. */
    public void launch() {
        if (isAlive()) {
            throw new IllegalStateException("Redis already runs on port " + port);
        }
        try {
            Path configuration = folder.resolve("redis.conf");
            Files.writeString(configuration, String.join("\n", configurationLines()) + "\n");
            process = new ProcessBuilder(binary().toString(), configuration.toString())
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Process mine = process;
        atExit = new Thread(mine::destroyForcibly, "stop-redis-" + port);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** SIGTERM: it saves and ends. */
    public void stop() {
        if (isAlive()) {
            resume();
            process.destroy();
            awaitEnd();
        }
    }

    /** SIGKILL. */
    public void kill() {
        if (process != null) {
            process.destroyForcibly();
            awaitEnd();
        }
    }

    public void restart() {
        stop();
        start();
    }

    public void killAndRestart() {
        kill();
        start();
    }

    /** SIGSTOP: connections stay open and nothing is answered. */
    public void suspend() {
        signal("STOP");
    }

    /** SIGCONT. */
    public void resume() {
        signal("CONT");
    }

    @Override
    public void close() {
        kill();
    }

    private List<String> configurationLines() {
        List<String> lines = new ArrayList<>(List.of(
                "bind 127.0.0.1",
                "port " + port,
                "requirepass " + password,
                "masterauth " + password,
                "dir " + folder.toAbsolutePath(),
                "daemonize no",
                "save \"\"",
                "appendonly yes",
                "appendfsync everysec",
                "maxmemory-policy noeviction"));
        lines.addAll(extraLines);
        return lines;
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            socket.setSoTimeout(1_000);
            socket.getOutputStream()
                    .write(("AUTH " + password + "\r\nGET x\r\nQUIT\r\n").getBytes(StandardCharsets.US_ASCII));
            String reply = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            // A node of a cluster answers where the key is, or that it does not know yet.
            return Pattern.compile("\\+OK\r\n(\\$-1|-MOVED|-CLUSTERDOWN)")
                    .matcher(reply)
                    .find();
        } catch (IOException notYet) {
            return false;
        }
    }

    private void extractBinary() throws IOException {
        if (Files.exists(binary())) {
            return;
        }
        String name = "/redis-server-7.0.15-" + operatingSystem() + "-" + architecture();
        try (InputStream in = redis.embedded.RedisServer.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("embedded-redis has no server " + name);
            }
            Files.copy(in, binary());
        }
        Files.setPosixFilePermissions(binary(), PosixFilePermissions.fromString("rwx------"));
    }

    private void writePasswordFile() throws IOException {
        Files.deleteIfExists(passwordFile());
        Files.createFile(
                passwordFile(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(passwordFile(), password);
    }

    Path binary() {
        return folder.resolve("redis-server");
    }

    private Path logFile() {
        return folder.resolve("redis.log");
    }

    private String log() {
        try {
            return Files.readString(logFile());
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor(5, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        } catch (IllegalStateException exiting) {
            process.destroyForcibly();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Redis started", e);
        }
    }

    private static String operatingSystem() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
    }

    private static String architecture() {
        String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return name.contains("aarch64") || name.contains("arm64") ? "arm64" : "amd64";
    }

    private static String randomPassword() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
