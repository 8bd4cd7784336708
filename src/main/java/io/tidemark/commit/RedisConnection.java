package io.tidemark.commit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.CommandObjects;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.DefaultRedisCredentials;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisCredentials;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * Connections to one Redis, found at its address or by its sentinels, or to a Redis Cluster, opened when they are needed
 * and again when Redis was restarted, with short time-outs. May be used by several threads. What it is asked to do must be
 * safe to do twice: a command whose connection broke at once is sent again on a new one. Every failure comes out as {@link
 * StoreUnavailableException} or {@link io.tidemark.stream.RefusedException}, never as one of the client library.
 */
public final class RedisConnection implements AutoCloseable {
    /** How long to wait for a connection or an answer. */
    public static final Duration TIMEOUT = Duration.ofSeconds(2);

    private static final Duration AT_ONCE = Duration.ofMillis(500);
    private static final int MOST_CONNECTIONS = 16;

    private static final CommandObjects COMMANDS = new CommandObjects(RedisProtocol.RESP2);

    private final Servers servers;
    private final RedisErrors errors;

    /** Connects nowhere yet. @throws IllegalArgumentException when the address is not a Redis URI */
    public RedisConnection(RedisAddress address) {
        RedisPlace place = RedisPlace.of(address.uri());
        JedisClientConfig config = config(address, place, TIMEOUT);
        this.servers = place.cluster()
                ? new Cluster(place, config(address, place, Cluster.PATIENCE), config, poolConfig())
                : new OneServer(place, config, poolConfig());
        this.errors = new RedisErrors(place.shown(), place.cluster());
    }

    private static JedisClientConfig config(RedisAddress address, RedisPlace place, Duration timeout) {
        DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder()
                .resp2()
                .connectionTimeoutMillis((int) timeout.toMillis())
                .socketTimeoutMillis((int) timeout.toMillis())
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                .database(place.database());
        if (place.tls()) {
            config.sslOptions(SslOptions.defaults());
        }
        if (address.passwordFile() != null) {
            config.credentialsProvider(credentials(address, place.user()));
        }
        return config.build();
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
        Consumer<Connection> patience = connection -> connection.setSoTimeout((int) timeout.toMillis());
        return call(client -> {
            try {
                return client.executeCommand(
                        COMMANDS.evalsha(bytes(script.sha1()), keys, arguments).withPreProcessHook(patience));
            } catch (JedisNoScriptException unknown) {
                return client.executeCommand(
                        COMMANDS.eval(bytes(script.text()), keys, arguments).withPreProcessHook(patience));
            }
        });
    }

    /** Deletes keys of one stream, or of one of its shards, in the background. */
    void unlink(List<String> keys) {
        call(client -> client.executeCommand(COMMANDS.unlink(keys.toArray(String[]::new))));
    }

    /**
     * What {@code INFO} says of one section, by the address of the server: of a cluster, of each master that answers.
     *
     * @throws StoreUnavailableException when none answers
     * @throws io.tidemark.stream.RefusedException when the user may not ask
     */
    public SortedMap<String, String> info(String section) {
        return call(client -> servers.info(section));
    }

    /** The same of the one server that has a key: whether others answer is no matter. */
    SortedMap<String, String> info(String section, String key) {
        return call(client -> servers.info(section, key));
    }

    /** Whether keys without a common hash tag may lie on different servers, so that no step can take both. */
    public boolean isCluster() {
        return servers.isCluster();
    }

    /** The server that has a key, as far as is known. */
    String serverOf(String key) {
        return call(client -> servers.serverOf(key));
    }

    /** Does something that is safe to do twice. */
    public <T> T call(Function<UnifiedJedis, T> doing) {
        long started = System.nanoTime();
        try {
            return doing.apply(servers.client());
        } catch (JedisConnectionException broken) {
            // What is in the pool may have been opened before Redis was restarted.
            servers.doubt(broken);
            if (System.nanoTime() - started > AT_ONCE.toNanos()) {
                throw errors.translate(broken);
            }
        } catch (JedisException | PasswordUnreadableException e) {
            throw translated(e);
        }
        try {
            return doing.apply(servers.client());
        } catch (JedisException | PasswordUnreadableException e) {
            throw translated(e);
        }
    }

    /** What an error text of Redis means, where a script has caught it. */
    public RuntimeException errorOf(String text, String key) {
        RuntimeException translated = errors.ofText(text, key);
        doubt(translated, new JedisDataException(text));
        return translated;
    }

    @Override
    public void close() {
        servers.close();
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static String text(Object bytes) {
        return bytes == null ? null : new String((byte[]) bytes, StandardCharsets.UTF_8);
    }

    private RuntimeException translated(RuntimeException e) {
        RuntimeException translated = errors.translate(e);
        doubt(translated, e);
        return translated;
    }

    private void doubt(RuntimeException translated, RuntimeException why) {
        if (translated instanceof StoreUnavailableException) {
            servers.doubt(why);
        }
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
