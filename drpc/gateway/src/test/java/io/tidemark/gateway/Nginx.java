package io.tidemark.gateway;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A real nginx in front of a gateway, with the lines of docs/gateway.md. It dies with this. */
final class Nginx implements AutoCloseable {
    private final Process process;
    private final int port;

    private Nginx(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts one, or aborts the test where there is none: it has not passed then, and the log says so.
     *
     * @param folder of its files
     * @param gatewayPort where the gateway listens or will listen
     * @param idleSeconds after how long it closes a connection on which nothing is said; its default is 60
     */
    static Nginx start(Path folder, int gatewayPort, int idleSeconds) throws IOException {
        Optional<Path> program = find();
        if (program.isEmpty()) {
            String message = "NOT RUN: no nginx is installed, so nobody has looked on through a proxy. Install one "
                    + "(apt-get install nginx).";
            System.out.println(message);
            Assumptions.abort(message);
        }
        Files.createDirectories(folder);
        int port = freePort();
        Files.writeString(folder.resolve("nginx.conf"), configuration(folder, port, gatewayPort, idleSeconds));
        Process process = new ProcessBuilder(
                        program.get().toString(),
                        "-p",
                        folder.toString(),
                        "-c",
                        folder.resolve("nginx.conf").toString(),
                        "-e",
                        folder.resolve("error.log").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.log").toFile())
                .start();
        Nginx nginx = new Nginx(process, port);
        try {
            await().atMost(LookOn.SOON)
                    .failFast("nginx ended: " + folder.resolve("output.log"), () -> !process.isAlive())
                    .until(nginx::answers);
        } catch (RuntimeException e) {
            nginx.close();
            throw e;
        }
        return nginx;
    }

    private static String configuration(Path folder, int port, int gatewayPort, int idleSeconds) throws IOException {
        String paths = Stream.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
                .map(kind -> kind + "_temp_path " + folder.resolve(kind) + ";\n")
                .reduce("", String::concat);
        return "daemon off; master_process off; pid " + folder.resolve("pid") + ";\n"
                + "events { worker_connections 2000; }\nhttp {\naccess_log off;\n" + paths
                + linesOfThePage()
                        .replace(
                                "listen 443 ssl;",
                                "listen 127.0.0.1:" + port + "; proxy_read_timeout " + idleSeconds + "s;")
                        .replace("127.0.0.1:2546", "127.0.0.1:" + gatewayPort)
                + "}\n";
    }

    private static String linesOfThePage() throws IOException {
        Path docs = Path.of("").toAbsolutePath();
        while (!Files.exists(docs.resolve("docs/gateway.md"))) {
            docs = docs.getParent();
        }
        String page = Files.readString(docs.resolve("docs/gateway.md"));
        int from = page.indexOf("```nginx\n") + "```nginx\n".length();
        return page.substring(from, page.indexOf("```", from));
    }

    private static Optional<Path> find() {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin", "/usr/local/sbin"))
                .map(folder -> Path.of(folder, "nginx"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
