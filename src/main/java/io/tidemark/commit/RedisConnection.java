package io.tidemark.commit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.CommandObjects;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.DefaultRedisCredentials;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisCredentials;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * Connections to one Redis, found at its address or by its sentinels, opened when they are needed and again when Redis was restarted, with short time-outs. May be
 * used by several threads. What it is asked to do must be safe to do twice: a command whose connection broke at once is
 * sent again on a new one. Every failure comes out as {@link StoreUnavailableException} or {@link
 * io.tidemark.stream.RefusedException}, never as one of the client library.
 */
public final class RedisConnection implements AutoCloseable {
    /** How long to wait for a connection or an answer. */
    public static final Duration TIMEOUT = Duration.ofSeconds(2);

    private static final Duration AT_ONCE = Duration.ofMillis(500);
    private static final int MOST_CONNECTIONS = 16;

    private static final CommandObjects COMMANDS = new CommandObjects(RedisProtocol.RESP2);

    private final LazyConnections connections;
    private final RedisClient client;
    private final RedisErrors errors;

    /** Connects nowhere yet. @throws IllegalArgumentException when the address is not a Redis URI */
    public RedisConnection(RedisAddress address) {
        RedisPlace place = RedisPlace.of(address.uri());
        DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder()
                .resp2()
                .connectionTimeoutMillis((int) TIMEOUT.toMillis())
                .socketTimeoutMillis((int) TIMEOUT.toMillis())
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                .database(place.database());
        if (place.tls()) {
            config.sslOptions(SslOptions.defaults());
        }
        if (address.passwordFile() != null) {
            config.credentialsProvider(credentials(address, place.user()));
        }
        JedisClientConfig clientConfig = config.build();
        JedisSocketFactory sockets = place.master() == null
                ? new DefaultJedisSocketFactory(place.hosts().get(0), clientConfig)
                : new SentinelSockets(place.hosts(), place.master(), clientConfig);
        this.connections = new LazyConnections(sockets, clientConfig, poolConfig());
        this.client = RedisClient.builder()
                .clientConfig(clientConfig)
                .connectionProvider(connections)
                .build();
        this.errors = new RedisErrors(place.shown());
    }

    /**
     * Runs a script, loading it where Redis does not know it.
     *
     * @return as Redis answered: byte[], Long, List or null
     */
    public Object eval(Script script, List<byte[]> keys, List<byte[]> arguments) {
        return eval(script, keys, arguments, TIMEOUT);
    }

    /** The same for a script that may take longer. @param timeout for the answer */
    Object eval(Script script, List<byte[]> keys, List<byte[]> arguments, Duration timeout) {
        return call(redis -> {
            try (Connection connection = connections.getConnection()) {
                connection.setSoTimeout((int) timeout.toMillis());
                Object answer = eval(connection, script, keys, arguments);
                connection.rollbackTimeout();
                return answer;
            }
        });
    }

    private static Object eval(Connection connection, Script script, List<byte[]> keys, List<byte[]> arguments) {
        try {
            return connection.executeCommand(COMMANDS.evalsha(bytes(script.sha1()), keys, arguments));
        } catch (JedisNoScriptException unknown) {
            return connection.executeCommand(COMMANDS.eval(bytes(script.text()), keys, arguments));
        }
    }

    /** Does something that is safe to do twice. */
    public <T> T call(Function<RedisClient, T> doing) {
        long started = System.nanoTime();
        try {
            return doing.apply(client);
        } catch (JedisConnectionException broken) {
            // What is in the pool may have been opened before Redis was restarted.
            connections.forgetIdle();
            if (System.nanoTime() - started > AT_ONCE.toNanos()) {
                throw errors.translate(broken);
            }
        } catch (JedisException | PasswordUnreadableException e) {
            throw translated(e);
        }
        try {
            return doing.apply(client);
        } catch (JedisException | PasswordUnreadableException e) {
            throw translated(e);
        }
    }

    /** What an error text of Redis means, where a script has caught it. */
    public RuntimeException errorOf(String text, String key) {
        return lettingGo(errors.ofText(text, key));
    }

    @Override
    public void close() {
        client.close();
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static String text(Object bytes) {
        return bytes == null ? null : new String((byte[]) bytes, StandardCharsets.UTF_8);
    }

    private RuntimeException translated(RuntimeException e) {
        return lettingGo(errors.translate(e));
    }

    private RuntimeException lettingGo(RuntimeException translated) {
        if (translated instanceof StoreUnavailableException) {
            // A server that cannot now may have been demoted: its address may lead elsewhere next time.
            connections.forgetIdle();
        }
        return translated;
    }

    private static Supplier<RedisCredentials> credentials(RedisAddress address, String user) {
        return () -> {
            try {
                return new DefaultRedisCredentials(user, address.password());
            } catch (java.io.UncheckedIOException e) {
                throw new PasswordUnreadableException(e);
            }
        };
    }

    private static GenericObjectPoolConfig<Connection> poolConfig() {
        GenericObjectPoolConfig<Connection> pool = new GenericObjectPoolConfig<>();
        pool.setMaxTotal(MOST_CONNECTIONS);
        pool.setMaxIdle(MOST_CONNECTIONS);
        pool.setMaxWait(TIMEOUT);
        pool.setJmxEnabled(false);
        return pool;
    }

    /** The password's file could not be read when a connection was opened. */
    static final class PasswordUnreadableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PasswordUnreadableException(java.io.UncheckedIOException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
