package io.tidemark.gateway;

import io.tidemark.commit.RedisAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What a gateway is told. Immutable; the {@code with} methods give a changed copy.
 *
 * @param redis where the counts are
 * @param bind address to listen on; 127.0.0.1 unless told otherwise
 * @param port to listen on, 0 for any free one
 * @param allowOrigins other origins whose pages may read ({@code https://counts.example.org}); the hosts in them may
 *     stand in front of this gateway
 * @param requestsPerSecond most that one address may ask, and twice as many at once; 0 for no limit
 * @param mostReaders most WebSockets at the same time
 * @param mostReadersOfOne most WebSockets at the same time from one address
 * @param quiet how long nothing may be said to a reader
 */
public record GatewayOptions(
        RedisAddress redis,
        String bind,
        int port,
        List<String> allowOrigins,
        int requestsPerSecond,
        int mostReaders,
        int mostReadersOfOne,
        Duration quiet) {
    public static final int DEFAULT_PORT = 2546;
    public static final String DEFAULT_BIND = "127.0.0.1";
    public static final int DEFAULT_REQUESTS_PER_SECOND = 2_000;
    public static final int DEFAULT_READERS = 10_000;
    private static final Duration DEFAULT_QUIET = Duration.ofSeconds(15);

    public GatewayOptions {
        Objects.requireNonNull(redis, "redis");
        Objects.requireNonNull(bind, "bind");
        allowOrigins = List.copyOf(allowOrigins);
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not from 0 to 65535");
        }
        if (requestsPerSecond < 0 || mostReaders < 1 || mostReadersOfOne < 1) {
            throw new IllegalArgumentException("limits are positive: " + requestsPerSecond + " requests a second, "
                    + mostReaders + " readers, " + mostReadersOfOne + " of one address");
        }
    }

    /** The defaults: 127.0.0.1:2546, 2,000 requests a second for each address, 10,000 readers, no other origin. */
    public static GatewayOptions of(RedisAddress redis) {
        return new GatewayOptions(
                redis,
                DEFAULT_BIND,
                DEFAULT_PORT,
                List.of(),
                DEFAULT_REQUESTS_PER_SECOND,
                DEFAULT_READERS,
                DEFAULT_READERS,
                DEFAULT_QUIET);
    }

    public GatewayOptions withBind(String address, int tcpPort) {
        return new GatewayOptions(
                redis, address, tcpPort, allowOrigins, requestsPerSecond, mostReaders, mostReadersOfOne, quiet);
    }

    public GatewayOptions withOrigins(List<String> origins) {
        return new GatewayOptions(redis, bind, port, origins, requestsPerSecond, mostReaders, mostReadersOfOne, quiet);
    }

    /** @param perSecond requests of one address; 0 for no limit */
    public GatewayOptions withRate(int perSecond) {
        return new GatewayOptions(redis, bind, port, allowOrigins, perSecond, mostReaders, mostReadersOfOne, quiet);
    }

    public GatewayOptions withReaders(int most, int mostOfOne) {
        return new GatewayOptions(redis, bind, port, allowOrigins, requestsPerSecond, most, mostOfOne, quiet);
    }

    /** @param most how long nothing may be said to a reader */
    public GatewayOptions withQuiet(Duration most) {
        return new GatewayOptions(
                redis, bind, port, allowOrigins, requestsPerSecond, mostReaders, mostReadersOfOne, most);
    }
}
