package io.tidemark.app;

import io.tidemark.commit.RedisAddress;
import io.tidemark.commit.RedisUri;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where Redis is, for a command that reads nothing else. */
final class RedisOption {
    private static final String FROM_ENVIRONMENT = "env:";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--redis",
            paramLabel = "URI",
            description = RedisUri.FORMS + ", percent-encoded; or env:NAME for the environment "
                    + "variable that holds it (default: the Redis of the data folder's service).")
    private String redis;

    @Option(
            names = "--redis-password-file",
            paramLabel = "FILE",
            description = "File that holds the password of that Redis.")
    private Path passwordFile;

    private Path kept;

    /** @param otherwise gives the address when none was said */
    RedisAddress address(Supplier<RedisAddress> otherwise) {
        RedisUri uri = uri(spec, redis, passwordFile);
        if (uri == null) {
            return otherwise.get();
        }
        RedisAddress address = address(uri, passwordFile);
        kept = uri.password() == null ? null : Path.of(address.passwordFile());
        return address;
    }

    /** Removes the password that was given in a URI from where it was kept, for who does not end in order. */
    void forget() {
        if (kept != null) {
            kept.toFile().delete();
        }
    }

    /** @param passwordFile that was given beside the URI, or null */
    static RedisAddress address(RedisUri uri, Path passwordFile) {
        Path file = uri.password() == null ? passwordFile : keep(uri.password());
        return new RedisAddress(
                uri.address(), file == null ? null : file.toAbsolutePath().toString());
    }

    /**
     * What {@code --redis} and {@code --redis-password-file} say, or null when there is neither.
     *
     * @throws ParameterException when they do not go together or cannot be read
     */
    static RedisUri uri(CommandSpec spec, String redis, Path passwordFile) {
        if (redis == null) {
            if (passwordFile != null) {
                throw wrong(spec, "--redis-password-file goes with --redis.");
            }
            return null;
        }
        RedisUri uri;
        try {
            uri = RedisUri.parse(resolve(redis));
        } catch (IllegalArgumentException e) {
            throw wrong(spec, "--redis: " + e.getMessage() + ".");
        }
        if (passwordFile != null && uri.password() != null) {
            throw wrong(spec, "--redis-password-file: the URI of --redis holds a password already.");
        }
        if (passwordFile != null && !Files.isReadable(passwordFile)) {
            throw wrong(spec, "--redis-password-file " + passwordFile + ": cannot be read.");
        }
        return uri;
    }

    /** @throws IllegalArgumentException when {@code env:NAME} names a variable that is not there */
    private static String resolve(String uri) {
        if (!uri.startsWith(FROM_ENVIRONMENT)) {
            return uri;
        }
        String name = uri.substring(FROM_ENVIRONMENT.length());
        String value = System.getenv(name);
        if (value == null) {
            throw new IllegalArgumentException("there is no environment variable " + name);
        }
        return value;
    }

    /** In a file that only this user can read, for as long as the command runs. */
    private static Path keep(String password) {
        try {
            Path file = Files.createTempFile(
                    "tidemark-redis",
                    "",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            file.toFile().deleteOnExit();
            Files.writeString(file, password);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("the password cannot be kept in a file", e);
        }
    }

    private static ParameterException wrong(CommandSpec spec, String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
