package io.tidemark.commit;

import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.ConnectionPool;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.providers.ConnectionProvider;

/**
 * A pool that opens a connection only for somebody who asks for one. The pool of the library also replaces a broken one
 * at once, while the caller who met it still waits: a server that hangs then costs twice the time-out. And where one was
 * broken, the others may have been opened before the server was restarted too, so they are not kept.
 */
final class LazyConnections implements ConnectionProvider {
    private final Pool pool;

    /** @param sockets decides, for each new connection, where it leads */
    LazyConnections(
            JedisSocketFactory sockets, JedisClientConfig config, GenericObjectPoolConfig<Connection> poolConfig) {
        this.pool = new Pool(sockets, config, poolConfig);
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
        Pool(JedisSocketFactory sockets, JedisClientConfig config, GenericObjectPoolConfig<Connection> poolConfig) {
            super(new Factory(sockets, config), poolConfig);
        }

        @Override
        public void addObject() {
            // nobody asks for it
        }

        @Override
        public void returnBrokenResource(Connection broken) {
            super.returnBrokenResource(broken);
            clear();
        }
    }

    /** Whoever waited longer for one answer does not leave that to who has the connection next. */
    private static final class Factory extends ConnectionFactory {
        private final int timeout;

        Factory(JedisSocketFactory sockets, JedisClientConfig config) {
            super(sockets, config);
            this.timeout = config.getSocketTimeoutMillis();
        }

        @Override
        public void passivateObject(PooledObject<Connection> pooled) throws Exception {
            super.passivateObject(pooled);
            if (pooled.getObject().getSoTimeout() != timeout) {
                pooled.getObject().setSoTimeout(timeout);
            }
        }
    }
}
