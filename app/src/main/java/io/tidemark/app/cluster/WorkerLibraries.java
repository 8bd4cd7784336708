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
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/** What Storm supplies to its workers: storm-client and what it needs at run time, nothing else. */
final class WorkerLibraries {
    private static final String LIST = "worker-libraries.txt";

    private WorkerLibraries() {}

    /** {@code group:artifact} of each jar that Storm's release would have in {@code lib-worker}. */
    static List<String> artifacts() {
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
        List<Path> all = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> path.getFileName() != null)
                .map(Path::toAbsolutePath)
                .toList();
        try {
            Files.createDirectories(folder);
            for (String artifact : artifacts()) {
                Path jar = find(artifact, all);
                Files.createSymbolicLink(folder.resolve(jar.getFileName()), jar);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot fill " + folder, e);
        }
    }

    /** By its file's name; where two groups have an artifact of one name, by what the jar says that it is. */
    private static Path find(String artifact, List<Path> all) throws IOException {
        String[] names = artifact.split(":");
        Pattern file = Pattern.compile(Pattern.quote(names[1]) + "-[0-9].*\\.jar");
        List<Path> found = all.stream()
                .filter(path -> file.matcher(path.getFileName().toString()).matches())
                .sorted(Comparator.reverseOrder())
                .toList();
        for (Path jar : found) {
            if (says(jar, "META-INF/maven/" + names[0] + "/" + names[1] + "/pom.properties")) {
                return jar;
            }
        }
        if (!found.isEmpty()) {
            return found.get(0); // not every jar says it
        }
        throw new CommandFailedException(
                ExitCodes.FAILED, "Storm's library " + artifact + " is not on the class path. Build again: make build");
    }

    private static boolean says(Path file, String entry) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            return jar.getEntry(entry) != null;
        }
    }
}
