package io.tidemark.commit;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;

/** One server, at its address or where sentinels say. */
final class OneServer implements Servers {
    private final String shown;
    private final LazyConnections connections;
    private final RedisClient client;

    /** Connects nowhere yet. */
    OneServer(RedisPlace place, JedisClientConfig config, GenericObjectPoolConfig<Connection> pool) {
        JedisSocketFactory sockets = place.master() == null
                ? new DefaultJedisSocketFactory(place.hosts().get(0), config)
                : new SentinelSockets(place.hosts(), place.master(), config);
        this.shown = place.shown();
        this.connections = new LazyConnections(sockets, config, pool);
        this.client = RedisClient.builder()
                .clientConfig(config)
                .connectionProvider(connections)
                .build();
    }

    @Override
    public UnifiedJedis client() {
        return client;
    }

    @Override
    public SortedMap<String, String> info(String section) {
        return new TreeMap<>(Map.of(shown, client.info(section)));
    }

    @Override
    public SortedMap<String, String> info(String section, String key) {
        return info(section);
    }

    @Override
    public String serverOf(String key) {
        return shown;
    }

    @Override
    public boolean isCluster() {
        return false;
    }

    /** {@inheritDoc} A server that cannot now may have been demoted: its address may lead elsewhere next time. */
    @Override
    public void doubt(RuntimeException why) {
        connections.forgetIdle();
    }

    @Override
    public void close() {
        client.close();
    }
}
