package io.tidemark.commit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.providers.ClusterConnectionProvider;

/**
 * Connections to the nodes of a cluster. Which node has which slot is the library's to know; the pools are ours.
 * Thread-safe.
 */
final class ClusterConnections extends ClusterConnectionProvider {
    private final JedisClientConfig asking;
    private final JedisClientConfig config;
    private final GenericObjectPoolConfig<Connection> poolConfig;
    private final Map<HostAndPort, LazyConnections> pools = new ConcurrentHashMap<>();
    private final Map<HostAndPort, LazyConnections> askingPools = new ConcurrentHashMap<>();

    /**
     * Asks one of the nodes which others there are.
     *
     * @param known some of the nodes
     * @param asking for the questions which node has what, one after the other: with a short time-out
     * @param config for everything else
     * @throws JedisException when none says so
     */
    ClusterConnections(
            Set<HostAndPort> known,
            JedisClientConfig asking,
            JedisClientConfig config,
            GenericObjectPoolConfig<Connection> poolConfig) {
        super(known, asking, poolConfig);
        this.asking = asking;
        this.config = config;
        this.poolConfig = poolConfig;
    }

    @Override
    public Connection getConnection(HostAndPort node) {
        return connection(pools, node, config);
    }

    /** For a question to this node alone, with the short time-out, also for connecting. */
    Connection toAsk(HostAndPort node) {
        return connection(askingPools, node, asking);
    }

    private Connection connection(
            Map<HostAndPort, LazyConnections> from, HostAndPort node, JedisClientConfig patience) {
        LazyConnections pool = pool(from, node, patience);
        try {
            return pool.getConnection();
        } catch (JedisException e) {
            LazyConnections other = pool(from, node, patience);
            if (other == pool) {
                throw e;
            }
            return other.getConnection(); // the former one was closed since
        }
    }

    private LazyConnections pool(Map<HostAndPort, LazyConnections> from, HostAndPort node, JedisClientConfig patience) {
        return from.computeIfAbsent(
                node, at -> new LazyConnections(new DefaultJedisSocketFactory(at, patience), patience, poolConfig));
    }

    @Override
    public void renewSlotCache() {
        super.renewSlotCache();
        forgetGone();
    }

    @Override
    public void renewSlotCache(Connection connection) {
        super.renewSlotCache(connection);
        forgetGone();
    }

    /** A node that has no slots and replicates none that has may have left the cluster. */
    private void forgetGone() {
        Set<HostAndPort> there =
                getNodes().keySet().stream().map(HostAndPort::from).collect(Collectors.toSet());
        for (Map<HostAndPort, LazyConnections> of : List.of(pools, askingPools)) {
            for (HostAndPort node : of.keySet()) {
                LazyConnections gone = there.contains(node) ? null : of.remove(node);
                if (gone != null) {
                    gone.close();
                }
            }
        }
    }

    @Override
    public Connection getConnectionFromSlot(int slot) {
        HostAndPort node = getNode(slot);
        if (node == null) {
            renewSlotCache();
            node = getNode(slot);
        }
        return node == null ? getConnection() : getConnection(node);
    }

    /** {@inheritDoc} To any master that answers. */
    @Override
    public Connection getConnection() {
        JedisClusterOperationException none =
                new JedisClusterOperationException("no node of the cluster can be reached");
        List<HostAndPort> any = masters();
        Collections.shuffle(any);
        for (HostAndPort master : any) {
            try {
                return alive(getConnection(master));
            } catch (JedisException e) {
                none.addSuppressed(e);
            }
        }
        throw none;
    }

    /** Gives it back when it is not. */
    private static Connection alive(Connection connection) {
        try {
            connection.ping();
            return connection;
        } catch (JedisException e) {
            connection.close();
            throw e;
        }
    }

    /** All nodes that have slots. */
    List<HostAndPort> masters() {
        return getPrimaryNodes().keySet().stream()
                .map(HostAndPort::from)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** Closes those that nobody uses. */
    void forgetIdle() {
        pools.values().forEach(LazyConnections::forgetIdle);
        askingPools.values().forEach(LazyConnections::forgetIdle);
    }

    @Override
    public void close() {
        super.close();
        pools.values().forEach(LazyConnections::close);
        askingPools.values().forEach(LazyConnections::close);
    }
}
