package io.tidemark.app.service;

import io.tidemark.commit.RedisUri;
import java.nio.file.Path;
import java.util.List;

/**
 * What was asked of a service.
 *
 * @param kafka {@code host:port} of a broker that is there already, or null to start one
 * @param redis a Redis that is there already, or null to start one
 * @param redisPasswordFile file of the password of that Redis, or null; not where {@code redis} holds one
 * @param kafkaPort given with {@code --kafka-port}, or null for the default
 * @param redisPort given with {@code --redis-port}, or null for the default
 * @param drpcPort given with {@code --drpc-port}, or null for the default
 * @param httpPort given with {@code --http-port}, or null for the default; {@link #NO_HTTP} for no gateway
 * @param retentionBytes most that the embedded broker keeps
 * @param configurations files of the streams; empty for the bundled Wikipedia stream
 */
public record ServiceOptions(
        String kafka,
        RedisUri redis,
        Path redisPasswordFile,
        Integer kafkaPort,
        Integer redisPort,
        Integer drpcPort,
        Integer httpPort,
        long retentionBytes,
        List<Path> configurations) {
    public static final int KAFKA_PORT = 9092;
    public static final int REDIS_PORT = 6379;
    public static final int DRPC_PORT = 3772;
    /** Port of the gateway: HTTP, WebSocket and the live page. */
    public static final int HTTP_PORT = 2546;
    /** A port that says that no gateway is wanted. */
    public static final int NO_HTTP = -1;

    public static final long RETENTION_BYTES = 2L << 30;

    public ServiceOptions {
        configurations = List.copyOf(configurations);
    }
}
