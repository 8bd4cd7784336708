package io.tidemark.app;

import io.tidemark.commit.RedisUri;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Servers that are there already, for a service to use instead of starting its own. */
final class OtherServers {
    private static final String BROKER = "([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):[0-9]{1,5}";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "Use this broker, or these with commas between, and start none. Missing topics are made.")
    private String kafka;

    @Option(
            names = "--redis",
            paramLabel = "URI",
            description = "Use this Redis and start none: " + RedisUri.FORMS + ", percent-encoded; or "
                    + "env:NAME for the environment variable that holds it. The password goes into a file of the data "
                    + "folder.")
    private String redis;

    @Option(
            names = "--redis-password-file",
            paramLabel = "FILE",
            description = "File that holds the password of that Redis.")
    private Path passwordFile;

    boolean isAny() {
        return kafka != null || redis != null;
    }

    /** The broker that was given, or null. */
    String kafka() {
        if (kafka != null && !kafka.matches(BROKER + "(," + BROKER + ")*")) {
            throw wrong("--kafka " + kafka + ": expected HOST:PORT.");
        }
        return kafka;
    }

    /** The Redis that was given, or null. */
    RedisUri redis() {
        RedisUri uri = RedisOption.uri(spec, redis, passwordFile);
        if (uri != null
                && uri.password() == null
                && passwordFile == null
                && uri.address().indexOf('@') >= 0) {
            throw wrong("--redis: the URI names a user, but there is no password for it.");
        }
        return uri;
    }

    /** As a path from anywhere, or null. */
    Path passwordFile() {
        return passwordFile == null ? null : passwordFile.toAbsolutePath().normalize();
    }

    void refuseWith(String server, String option, Object value) {
        if (value != null && (server.equals("--kafka") ? kafka : redis) != null) {
            throw wrong(option + " is for a server that is started here, " + server + " for one that is not: give one "
                    + "of them.");
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
