package io.tidemark.app.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.app.CommandFailedException;
import io.tidemark.app.ExitCodes;
import io.tidemark.commit.RedisAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;

/**
 * Where a service runs, as it stands in {@code service.json} of its data folder, so that other commands find it.
 *
 * @param pid of the service
 * @param started when, ISO 8601
 * @param kafka {@code host:port} of the broker
 * @param redis URI of Redis, without password
 * @param redisPasswordFile path of the file that holds the password, or null
 * @param drpc {@code host:port} of the DRPC server
 * @param http {@code host:port} of the gateway, or null when there is none
 * @param streams the streams that it counts
 */
public record ServiceInfo(
        long pid,
        String started,
        String kafka,
        String redis,
        String redisPasswordFile,
        String drpc,
        String http,
        List<StreamInfo> streams) {
    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /** A stream and the topic that it counts. */
    public record StreamInfo(String name, String topic) {}

    public ServiceInfo {
        streams = streams == null ? List.of() : List.copyOf(streams);
    }

    public RedisAddress redisAddress() {
        return new RedisAddress(redis, redisPasswordFile);
    }

    public void write(DataFolder folder) {
        try {
            DataFolder.writeAtomically(
                    folder.serviceFile(), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the folder says, also of a service that was killed; empty when it says nothing. */
    public static Optional<ServiceInfo> read(DataFolder folder) {
        try {
            return Optional.of(JSON.readValue(Files.readString(folder.serviceFile()), ServiceInfo.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (JsonProcessingException e) {
            throw new CommandFailedException(
                    ExitCodes.FAILED,
                    folder.serviceFile() + " cannot be understood: " + e.getOriginalMessage()
                            + ". The next start of the service writes it anew.",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + folder.serviceFile(), e);
        }
    }

    public static void remove(DataFolder folder) {
        try {
            Files.deleteIfExists(folder.serviceFile());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + folder.serviceFile(), e);
        }
    }
}
