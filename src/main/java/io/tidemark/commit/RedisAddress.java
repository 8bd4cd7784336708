package io.tidemark.commit;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Where Redis is. The password is no part of it: it is read when a connection is opened, from a file that only its
 * owner can read, so that it is in no topology, log or process list.
 *
 * @param uri {@code redis://host:port/database}, with {@code user@} where an ACL user is meant; of sentinels {@code
 *     redis-sentinel://host:port,host:port/database#master}, of a Redis Cluster {@code redis-cluster://host:port,host:port}
 * @param passwordFile path of the file that holds the password; null when there is none
 */
public record RedisAddress(String uri, String passwordFile) implements Serializable {
    /** The forms of the URI, for people. */
    public static final String FORMS = RedisPlace.FORMS;

    private static final long serialVersionUID = 1L;

    public RedisAddress {
        Objects.requireNonNull(uri, "uri");
    }

    /** The password, or null. @throws UncheckedIOException when its file cannot be read */
    public String password() {
        try {
            return passwordFile == null
                    ? null
                    : Files.readString(Path.of(passwordFile)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the Redis password from " + passwordFile, e);
        }
    }
}
