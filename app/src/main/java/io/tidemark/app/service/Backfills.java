package io.tidemark.app.service;

import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Configurations that a data folder's service counts beside those that it was started with: a file for each stream, in
 * full. The service looks for new ones while it runs, and goes on with them at its next start.
 */
public final class Backfills {
    private static final String SUFFIX = ".yaml";

    private final Path folder;

    public Backfills(DataFolder data) {
        this.folder = data.path().resolve("backfill");
    }

    /** From now on it is counted. */
    public void add(StreamConfig config) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + folder, e);
        }
        DataFolder.writeAtomically(file(config.name()), config.text());
    }

    /** It is counted no more from the service's next start on. */
    public void remove(String stream) {
        try {
            Files.deleteIfExists(file(stream));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + file(stream), e);
        }
    }

    /**
     * Those that are there but for some, by name.
     *
     * @param known names of streams whose files are not read
     * @throws io.tidemark.stream.InvalidConfigException when a file was changed by hand
     */
    public List<StreamConfig> readBut(Set<String> known) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .filter(file -> !known.contains(streamOf(file)))
                    .sorted()
                    .map(Backfills::text)
                    .map(StreamConfigReader::stored)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look into " + folder, e);
        }
    }

    private static String streamOf(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - SUFFIX.length());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private Path file(String stream) {
        return folder.resolve(stream + SUFFIX);
    }
}
