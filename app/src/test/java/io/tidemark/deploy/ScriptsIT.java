package io.tidemark.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.tidemark.commit.RedisAddress;
import io.tidemark.commit.RedisStore;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.query.Answers;
import io.tidemark.stream.BundledStreams;
import io.tidemark.stream.RefusedException;
import io.tidemark.testing.RedisServer;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** The scripts of the containers, run as they are, beside the real programs or beside stand-ins that say how they were called. */
class ScriptsIT {
    private static final Path SCRIPTS = Repository.DOCKER.resolve("scripts");

    @TempDir
    Path folder;

    @Test
    void secretsAreMadeOnceEachAnotherAndForNobodyElse() throws Exception {
        String script = Repository.DOCKER.resolve("secrets.sh").toString();
        Path made = folder.resolve("secrets");
        assertThat(Tool.run(Map.of(), List.of(script, made.toString())).exitCode())
                .isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                .isEqualTo("rwx------");
        List<String> passwords = new ArrayList<>();
        try (Stream<Path> files = Files.list(made)) {
            for (Path file : files.toList()) {
                passwords.add(Files.readString(file));
            }
        }
        assertThat(passwords).hasSize(3).doesNotHaveDuplicates().allMatch(p -> p.matches("[0-9a-f]{48}"));
        Tool.Run again = Tool.run(Map.of(), List.of(script, made.toString()));
        assertThat(again.said()).isEmpty();
        assertThat(Files.readString(made.resolve("redis-password"))).isIn(passwords);
    }

    @Test
    void redisTakesTheTwoUsersAndNobodyElse() throws Exception {
        // The binary and its folder are the test server's; the script starts another one beside it.
        try (RedisServer server = RedisServer.start(folder.resolve("binary"))) {
            Path binary = binaryIn(server.folder());
            Files.createSymbolicLink(folder.resolve("redis-server"), binary);
        }
        Path counting = Files.writeString(folder.resolve("counting"), "p@ss:w#rd/%25+\u00e9\n");
        Path reading = Files.writeString(folder.resolve("reading"), "only-reading");
        int port = freePort();
        Process redis = redis(port, counting, reading);
        try {
            RedisAddress writer = new RedisAddress("redis://tidemark@127.0.0.1:" + port, counting.toString());
            RedisAddress reader = new RedisAddress("redis://reader@127.0.0.1:" + port, reading.toString());
            try (RedisStore store = new RedisStore(writer, BundledStreams.wikipedia(), "test");
                    RedisStore readOnly = new RedisStore(reader, BundledStreams.wikipedia(), "test");
                    Answers answers = new Answers(reader)) {
                await().atMost(Duration.ofSeconds(30))
                        .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
                        .until(() -> store.marks().isEmpty());
                store.initialise(new TreeMap<>(Map.of(0, 0L)), "topic-id", "store");
                assertThat(answers.counts("")).contains("\"records\":0").doesNotContain("error");
                assertThat(answers.status("")).contains("\"state\"").doesNotContain("error");
                assertThat(answers.ask("trend", "actor"))
                        .contains("\"buckets\"")
                        .doesNotContain("error");
                assertThat(answers.ask("top", "page"))
                        .contains("\"categories\"")
                        .doesNotContain("error");
                assertThatThrownBy(readOnly::reset).isInstanceOf(RefusedException.class);
            }
            RedisAddress nobody = new RedisAddress("redis://127.0.0.1:" + port, null);
            try (RedisStore store = new RedisStore(nobody, BundledStreams.wikipedia(), "test")) {
                assertThatThrownBy(store::marks)
                        .isInstanceOf(StoreUnavailableException.class)
                        .hasMessageContaining("NOAUTH");
            }
            assertThat(Files.readString(folder.resolve("users.acl"))).doesNotContain("p@ss", "only-reading");
        } finally {
            redis.destroy();
            redis.waitFor();
        }
    }

    @Test
    void redisCutsOffATornCommitBeforeItStarts() throws Exception {
        try (RedisServer server = RedisServer.start(folder)) {
            Files.createSymbolicLink(folder.resolve("redis-check-aof"), binaryIn(folder));
            try (Jedis jedis = new Jedis("127.0.0.1", server.port())) {
                jedis.auth(server.password());
                jedis.eval("redis.call('SET', 'a', 1) redis.call('SET', 'b', 1)");
                jedis.eval("redis.call('INCR', 'a') redis.call('INCR', 'b')");
            }
        }
        Path file = folder.resolve("appendonlydir").resolve("appendonly.aof.1.incr.aof");
        String written = Files.readString(file, StandardCharsets.ISO_8859_1);
        Files.writeString(file, written.substring(0, written.length() - 20), StandardCharsets.ISO_8859_1);
        Path password = Files.writeString(folder.resolve("any"), "any");
        Process redis = redis(freePort(), password, password);
        try (BufferedReader said = redis.inputReader()) {
            assertThat(said.lines().takeWhile(line -> !line.contains("Ready to accept connections")))
                    .anyMatch(line -> line.endsWith("bytes of something that was torn; they are cut off"));
            assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                    .isEqualTo(written.substring(0, written.lastIndexOf("*1\r\n$5\r\nMULTI")));
        } finally {
            redis.destroy();
            redis.waitFor();
        }
    }

    @Test
    void whatTheTwoUsersMayDoIsWhatThePageOfKeysSays() {
        String page = Repository.text("docs/redis-layout.md");
        String script = Repository.text("docker/scripts/redis.sh");
        for (String user : List.of("tidemark", "reader")) {
            String rules = page.replaceFirst("(?s).*redis-cli ACL SETUSER " + user + " on '>[^']*' ([^\n]*)\n.*", "$1")
                    .replace("'", "");
            assertThat(rules).startsWith("~tidemark:* &tidemark:* +");
            assertThat(script.lines().filter(line -> line.startsWith("user " + user + " ")))
                    .singleElement()
                    .asString()
                    .endsWith(" " + rules);
        }
    }

    @Test
    void redisDoesNotStartWithoutPasswords() throws Exception {
        Files.writeString(folder.resolve("redis-server"), "#!/bin/sh\necho started without\n");
        assertThat(folder.resolve("redis-server").toFile().setExecutable(true)).isTrue();
        Process redis = redis(freePort(), folder.resolve("missing"), folder.resolve("missing"));
        assertThat(new String(redis.getInputStream().readAllBytes())).contains("missing or empty");
        assertThat(redis.waitFor()).isNotZero();
    }

    private Process redis(int port, Path counting, Path reading) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                "sh",
                SCRIPTS.resolve("redis.sh").toString(),
                "--dir",
                folder.toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1");
        builder.environment().put("PATH", folder + File.pathSeparator + System.getenv("PATH"));
        builder.environment().put("TIDEMARK_PASSWORD_FILE", counting.toString());
        builder.environment().put("READER_PASSWORD_FILE", reading.toString());
        builder.environment().put("REDIS_DATA", folder.toString());
        builder.environment().put("USERS_FILE", folder.resolve("users.acl").toString());
        return builder.redirectErrorStream(true).start();
    }

    @Test
    void anHttpCheckIsHealthyOnlyWith200() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/health", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.createContext("/ill", exchange -> {
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
        });
        server.start();
        String port = Integer.toString(server.getAddress().getPort());
        try {
            assertThat(script("http-answers.sh", port, "/health").exitCode()).isZero();
            assertThat(script("http-answers.sh", port, "/ill").exitCode()).isNotZero();
            assertThat(script("port-answers.sh", port).exitCode()).isZero();
        } finally {
            server.stop(0);
        }
        assertThat(script("http-answers.sh", port, "/health").exitCode()).isNotZero();
        assertThat(script("port-answers.sh", port).exitCode()).isNotZero();
    }

    @Test
    void aProcessIsFoundByItsMainClassAndNotByWhoSpeaksOfIt() throws Exception {
        if (!new File("/proc/self/cmdline").exists()) {
            Tool.needed("no-such-program-but-linux", "this check needs /proc");
        }
        String name = Idle.class.getName();
        assertThat(script("process-runs.sh", name).exitCode())
                .as("only asked for")
                .isNotZero();
        Process idle = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx16m",
                        "-cp",
                        Path.of(Idle.class
                                        .getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .toURI())
                                .toString(),
                        name)
                .start();
        try {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> script("process-runs.sh", name).exitCode() == 0);
        } finally {
            idle.destroyForcibly().waitFor();
        }
        assertThat(script("process-runs.sh", name).exitCode()).isNotZero();
    }

    @Test
    void grafanaGetsTheReadersPasswordFromItsFile() throws Exception {
        Path password = Files.writeString(folder.resolve("password"), "only-reading\n");
        Path grafana = standIn("run.sh", "echo \"[$TIDEMARK_REDIS_PASSWORD]\" \"$@\"");
        Tool.Run run = Tool.run(
                Map.of("READER_PASSWORD_FILE", password.toString(), "GRAFANA", grafana.toString()),
                List.of("sh", SCRIPTS.resolve("grafana.sh").toString(), "and", "more"));
        assertThat(run.said()).isEqualTo("[only-reading] and more\n");
    }

    @Test
    void theTopologyIsSubmittedByStormJarWithTheOptionsGiven() throws Exception {
        Path jar = Files.createFile(folder.resolve("tidemark-topology-9.9.jar"));
        standIn("storm", "echo \"$@\"");
        assertThat(submit("--kafka=k:1", "--workers=1").said())
                .isEqualTo("jar " + jar + " io.tidemark.submit.Submit --name tidemark-wiki --kafka=k:1 --workers=1\n");
    }

    @Test
    void aTopologyThatRunsIsLeftAloneOrReplacedAndOtherFailuresAreSaid() throws Exception {
        Files.createFile(folder.resolve("tidemark-topology-9.9.jar"));
        Path killed = folder.resolve("killed");
        standIn(
                "storm",
                "case $1 in kill) touch " + killed + "; echo killed $2 ;; list) echo 'tidemark-wiki  KILLED' ;;\n"
                        + "jar) if [ -e " + killed + " ]; then echo submitted; else echo 'tidemark: there is a topology"
                        + " tidemark-wiki already: storm kill' >&2; exit 1; fi ;; esac");
        Tool.Run alone =
                Tool.run(environment("0"), List.of(SCRIPTS.resolve("submit.sh").toString()));
        assertThat(alone.exitCode()).isZero();
        assertThat(alone.said()).contains("tidemark-wiki runs already").doesNotContain("submitted");
        Tool.Run replaced = submit("replace", "--workers=1");
        assertThat(replaced.exitCode()).isZero();
        assertThat(replaced.said()).contains("killed tidemark-wiki").contains("submitted");

        standIn("storm", "echo 'Storm does not take the topology' >&2; exit 1");
        Tool.Run failed = submit();
        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.said()).contains("Storm does not take the topology");
    }

    @Test
    void aLinterFindsNothingInAnyScript() throws Exception {
        List<String> command = new ArrayList<>(List.of(Tool.needed("shellcheck", "Debian package shellcheck")));
        command.add(Repository.DOCKER.resolve("secrets.sh").toString());
        try (Stream<Path> scripts = Files.list(SCRIPTS)) {
            scripts.map(Path::toString).forEach(command::add);
        }
        assertThat(Tool.run(Map.of(), command)).isEqualTo(new Tool.Run(0, ""));
    }

    private Tool.Run submit(String... options) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(SCRIPTS.resolve("submit.sh").toString()));
        command.addAll(List.of(options));
        return Tool.run(environment("20"), command);
    }

    private Map<String, String> environment(String patience) {
        return Map.of(
                "PATH",
                folder + File.pathSeparator + System.getenv("PATH"),
                "TIDEMARK_JARS",
                folder.toString(),
                "TIDEMARK_PATIENCE",
                patience);
    }

    private Path standIn(String name, String script) throws IOException {
        Path program = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + script + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program;
    }

    private static Tool.Run script(String name, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(SCRIPTS.resolve(name).toString()));
        command.addAll(List.of(arguments));
        return Tool.run(Map.of(), command);
    }

    private static Path binaryIn(Path server) throws IOException {
        try (Stream<Path> files = Files.list(server)) {
            return files.filter(Files::isExecutable)
                    .filter(Files::isRegularFile)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Runs until it is ended, or for a minute. */
    static final class Idle {
        private Idle() {}

        public static void main(String[] args) throws InterruptedException {
            Thread.sleep(60_000);
        }
    }
}
