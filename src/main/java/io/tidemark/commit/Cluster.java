package io.tidemark.commit;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.CommandObjects;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * The nodes of a Redis Cluster, found when they are needed by those that were named, and followed when slots move. A
 * command is sent again where a node says that another has its keys, or its connection broke at once; not for longer
 * than {@link #RETRIES} in all, whatever an attempt takes.
 */
final class Cluster implements Servers {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

    /** Past this no attempt is begun. */
    static final Duration RETRIES = Duration.ofMillis(500);

    /** For the answer which node has what: several nodes may be asked in turn. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    /** A master that did not answer in time is not asked again for so long what it says of itself. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private static final int MOST_ATTEMPTS = 5;
    private static final CommandObjects COMMANDS = new CommandObjects(RedisProtocol.RESP2);

    private final Set<HostAndPort> known;
    private final JedisClientConfig asking;
    private final JedisClientConfig config;
    private final GenericObjectPoolConfig<Connection> pool;
    private final ReentrantLock looking = new ReentrantLock();
    private final Map<HostAndPort, Long> silent = new ConcurrentHashMap<>();
    private volatile Found found;
    private volatile boolean closed;

    private record Found(ClusterConnections connections, RedisClusterClient client) {}

    /** Connects nowhere yet. @param asking the same as the other but for a time-out of {@link #PATIENCE} */
    Cluster(
            RedisPlace place,
            JedisClientConfig asking,
            JedisClientConfig config,
            GenericObjectPoolConfig<Connection> pool) {
        this.known = new LinkedHashSet<>(place.hosts());
        this.asking = asking;
        this.config = config;
        this.pool = pool;
    }

    @Override
    public UnifiedJedis client() {
        return found().client();
    }

    private Found found() {
        Found now = found;
        return now == null ? look() : now;
    }

    /** One thread looks, and others wait for what it finds; but not for one after the other that finds nothing. */
    private Found look() {
        try {
            if (!looking.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new JedisConnectionException("others are still looking for a node of the cluster");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JedisConnectionException("interrupted while others looked for a node of the cluster", e);
        }
        try {
            if (closed) {
                throw new JedisException("the connection is closed");
            }
            if (found == null) {
                ClusterConnections connections = new ClusterConnections(known, asking, config, pool);
                found = new Found(
                        connections,
                        RedisClusterClient.builder()
                                .nodes(known)
                                .clientConfig(config)
                                .connectionProvider(connections)
                                .maxAttempts(MOST_ATTEMPTS)
                                .maxTotalRetriesDuration(RETRIES)
                                .build());
            }
            return found;
        } finally {
            looking.unlock();
        }
    }

    /**
     * {@inheritDoc} One that hangs costs {@link #PATIENCE} once, and is left out until it is asked again; and whoever took
     * its place is looked for.
     */
    @Override
    public SortedMap<String, String> info(String section) {
        ClusterConnections connections = found().connections();
        SortedMap<String, String> infos = new TreeMap<>();
        HostAndPort answered = null;
        JedisConnectionException away = new JedisConnectionException("no node of the cluster has slots");
        List<HostAndPort> masters = connections.masters();
        silent.keySet().retainAll(masters);
        for (HostAndPort master : masters) {
            long started = System.nanoTime();
            if (started - silent.getOrDefault(master, started - SILENCE.toNanos()) < SILENCE.toNanos()) {
                continue;
            }
            try (Connection connection = connections.toAsk(master)) {
                infos.put(master.toString(), connection.executeCommand(COMMANDS.info(section)));
                silent.remove(master);
                answered = master;
            } catch (JedisConnectionException e) {
                away = e; // its keys are away, and who needs them hears of it; those of others are not
                if (System.nanoTime() - started > RETRIES.toNanos()) {
                    silent.put(master, System.nanoTime());
                }
            }
        }
        if (answered == null) {
            silent.clear();
            throw away;
        }
        if (infos.size() < masters.size()) {
            renew(connections, answered);
        }
        return infos;
    }

    @Override
    public SortedMap<String, String> info(String section, String key) {
        try (Connection connection = found().connections().getConnectionFromSlot(JedisClusterCRC16.getSlot(key))) {
            return new TreeMap<>(Map.of(serverOf(key), connection.executeCommand(COMMANDS.info(section))));
        }
    }

    @Override
    public String serverOf(String key) {
        return String.valueOf(found().connections().getNode(JedisClusterCRC16.getSlot(key)));
    }

    @Override
    public boolean isCluster() {
        return true;
    }

    /**
     * {@inheritDoc} A node that hangs says nothing of its successor: others are asked. One that answers that it cannot now
     * is where it was, and so are the others.
     */
    @Override
    public void doubt(RuntimeException why) {
        Found now = found;
        JedisDataException answer = RedisErrors.answerIn(why);
        if (now != null && (answer == null || RedisErrors.isDemoted(answer))) {
            now.connections().forgetIdle();
            renew(now.connections());
        }
    }

    private static void renew(ClusterConnections connections) {
        try {
            connections.renewSlotCache();
        } catch (RedisConnection.PasswordUnreadableException e) {
            LOG.debug("which node has what is not known for now; whoever connects next hears why", e);
        }
    }

    /** By a node that answers, so that none is waited for. */
    private static void renew(ClusterConnections connections, HostAndPort answering) {
        try (Connection connection = connections.toAsk(answering)) {
            connections.renewSlotCache(connection);
        } catch (JedisException | RedisConnection.PasswordUnreadableException e) {
            LOG.debug("which node has what is not known for now; it is asked for again", e);
        }
    }

    @Override
    public void close() {
        looking.lock();
        try {
            closed = true;
            if (found != null) {
                found.client().close();
            }
        } finally {
            looking.unlock();
        }
    }
}
