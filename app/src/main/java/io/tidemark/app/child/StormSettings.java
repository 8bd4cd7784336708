package io.tidemark.app.child;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.commit.RedisAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the Storm child is told, in a file.
 *
 * @param drpcPort of the DRPC server, on the loopback address
 * @param kafka {@code host:port} of the broker
 * @param redis URI without password
 * @param redisPasswordFile path of the file that holds the password, or null
 * @param configurations files of the streams; empty for the bundled Wikipedia stream
 * @param data folder of the service
 * @param scratch folder for Storm's and ZooKeeper's state of this start
 */
public record StormSettings(
        int drpcPort,
        String kafka,
        String redis,
        String redisPasswordFile,
        List<String> configurations,
        String data,
        String scratch) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public StormSettings {
        configurations = List.copyOf(configurations);
    }

    public RedisAddress redisAddress() {
        return new RedisAddress(redis, redisPasswordFile);
    }

    /** The text of the file. */
    public String text() {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static StormSettings read(Path file) throws IOException {
        return JSON.readValue(Files.readString(file), StormSettings.class);
    }
}
