package io.tidemark.app;

import io.tidemark.stream.BundledStreams;
import io.tidemark.stream.Deployment;
import io.tidemark.stream.InvalidConfigException;
import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The streams that were asked for. */
final class Streams {
    private Streams() {}

    /**
     * Reads the configurations.
     *
     * @param files none: the bundled Wikipedia stream
     * @throws CommandFailedException when one of them is wrong; it names all mistakes
     */
    static List<StreamConfig> of(List<Path> files) {
        if (files.isEmpty()) {
            return List.of(BundledStreams.wikipedia());
        }
        List<StreamConfig> streams = new ArrayList<>();
        for (Path file : files) {
            streams.add(read(file));
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < streams.size(); i++) {
            if (!names.add(streams.get(i).name())) {
                throw new CommandFailedException(
                        ExitCodes.USAGE,
                        files.get(i) + ": another file configures a stream "
                                + streams.get(i).name() + " too; each needs a name of its own.");
            }
        }
        try {
            Deployment.together(streams);
        } catch (IllegalArgumentException e) {
            throw new CommandFailedException(ExitCodes.USAGE, e.getMessage() + ".", e);
        }
        return streams;
    }

    static StreamConfig read(Path file) {
        try {
            return StreamConfigReader.read(
                    Files.readString(file), file.toAbsolutePath().getParent());
        } catch (InvalidConfigException e) {
            throw new CommandFailedException(ExitCodes.USAGE, e.format(file.toString()), e);
        } catch (IOException e) {
            throw new CommandFailedException(ExitCodes.USAGE, file + " cannot be read: " + reason(e), e);
        }
    }

    /** In words: the message of a missing file is its name alone. */
    static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        return e instanceof AccessDeniedException ? "this user may not read it" : e.getMessage();
    }
}
