package io.tidemark.commit;

import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.providers.ConnectionProvider;

/**
 * A pool that opens a connection only for somebody who asks for one. The pool of the library also replaces a broken one
 * at once, while the caller who met it still waits: a server that hangs then costs twice the time-out.
 */
final class LazyConnections implements ConnectionProvider {
    private final Pool pool;

    LazyConnections(HostAndPort server, JedisClientConfig config, GenericObjectPoolConfig<Connection> poolConfig) {
        this.pool = new Pool(server, config, poolConfig);
    }

    /** Closes those that nobody uses. */
    void forgetIdle() {
        pool.clear();
    }

    @Override
    public Connection getConnection() {
        return pool.getResource();
    }

    @Override
    public Connection getConnection(CommandArguments arguments) {
        return pool.getResource();
    }

    @Override
    public void close() {
        pool.close();
    }

    private static final class Pool extends ConnectionPool {
        Pool(HostAndPort server, JedisClientConfig config, GenericObjectPoolConfig<Connection> poolConfig) {
            super(server, config, poolConfig);
        }

        @Override
        public void addObject() {
            // nobody asks for it
        }
    }
}
