package io.tidemark.app.cluster;

import io.tidemark.app.CommandFailedException;
import io.tidemark.app.ExitCodes;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs the topology's jar as {@code storm jar} runs it: a JVM with Storm's worker libraries first, then {@code extlib},
 * then the jar, told by properties where Storm is and which jar to send.
 *
 * @param home of the host that it is run on
 * @param jar the topology's
 * @param logs folder of its log
 */
record StormJar(StormHome home, Path jar, Path logs) {
    private static final String MAIN = "io.tidemark.submit.Submit";
    private static final long PATIENCE_S = 180;

    /** What it printed, and how it ended. */
    record Ended(int status, String output) {}

    /**
     * The jar that this checkout has built.
     *
     * @throws CommandFailedException when there is none
     */
    static Path built() {
        Path home = Path.of(System.getProperty("tidemark.home", "")).toAbsolutePath();
        for (Path checkout : home.getParent() == null ? List.of(home) : List.of(home, home.getParent())) {
            Path folder = checkout.resolve("trident").resolve("target");
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.list(folder)) {
                    List<Path> jars = files.filter(
                                    file -> file.getFileName().toString().matches("tidemark-topology-.*\\.jar"))
                            .sorted(Comparator.reverseOrder())
                            .toList();
                    if (!jars.isEmpty()) {
                        return jars.get(0);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException("cannot look into " + folder, e);
                }
            }
        }
        throw new CommandFailedException(
                ExitCodes.FAILED, "there is no trident/target/tidemark-topology-VERSION.jar. Build it: make package");
    }

    /** Runs it with these options of {@code Submit}; waits until it has ended. */
    Ended run(List<String> options) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-Dstorm.home=" + home.path(),
                "-Dstorm.log.dir=" + logs,
                "-Dstorm.conf.file=",
                "-Dstorm.options=",
                "-Dstorm.jar=" + jar,
                "-Dlog4j2.configurationFile=" + home.path().resolve("log4j2").resolve("cluster.xml"),
                "-cp",
                String.join(
                        File.pathSeparator,
                        home.workerLibraries() + "/*",
                        home.extraLibraries() + "/*",
                        home.conf().toString(),
                        jar.toString()),
                MAIN));
        command.addAll(options);
        try {
            Path output = Files.createTempFile(home.path(), "submit", ".out");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            process.getOutputStream().close();
            boolean ended;
            try {
                ended = process.waitFor(PATIENCE_S, TimeUnit.SECONDS);
            } finally {
                process.destroyForcibly();
            }
            String said = Files.readString(output, StandardCharsets.UTF_8);
            Files.delete(output);
            return ended
                    ? new Ended(process.exitValue(), said)
                    : new Ended(-1, said + "It did not end within " + PATIENCE_S + " s.");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + jar, e);
        }
    }
}
