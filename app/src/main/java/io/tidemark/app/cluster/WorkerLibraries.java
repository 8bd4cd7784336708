package io.tidemark.app.cluster;

import io.tidemark.app.CommandFailedException;
import io.tidemark.app.ExitCodes;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What Storm supplies to its workers: storm-client and what it needs at run time, nothing else. */
final class WorkerLibraries {
    private static final String LIST = "worker-libraries.txt";

    private WorkerLibraries() {}

    /** Names of the jar files, as Storm's release would have them in {@code lib-worker}. */
    static List<String> names() {
        try (InputStream in = WorkerLibraries.class.getResourceAsStream(LIST)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + LIST, e);
        }
    }

    /** Fills a folder with links to these jars, which this JVM's class path holds among others. */
    static void linkInto(Path folder) {
        Map<String, Path> known = Arrays.stream(
                        System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> path.getFileName() != null)
                .collect(Collectors.toMap(path -> path.getFileName().toString(), Path::toAbsolutePath, (a, b) -> a));
        try {
            Files.createDirectories(folder);
            for (String name : names()) {
                Path jar = known.get(name);
                if (jar == null) {
                    throw new CommandFailedException(
                            ExitCodes.FAILED,
                            "Storm's library " + name + " is not on the class path. Build again: make build");
                }
                Files.createSymbolicLink(folder.resolve(name), jar);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot fill " + folder, e);
        }
    }
}
