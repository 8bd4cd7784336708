package io.tidemark.app;

import io.tidemark.app.service.DataFolder;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that names the data folder. */
final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "tidemark-data",
            description = "The service's data folder (default: ./tidemark-data).")
    private Path path;

    DataFolder folder() {
        return new DataFolder(path);
    }

    /** How to say it in a command to type: empty where it is the default. */
    String asTyped() {
        return path.equals(Path.of("tidemark-data")) ? "" : " --data " + path;
    }
}
