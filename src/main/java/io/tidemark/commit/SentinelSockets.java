package io.tidemark.commit;

import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisSocketFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Connects to the server that sentinels say is the master now; they are asked at each new connection, so nobody has to
 * listen to them. Whom they name may have been demoted a moment ago: it refuses to be written to, and the connection is
 * given up for a new one. Thread-safe.
 */
final class SentinelSockets implements JedisSocketFactory {
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final String master;
    private final JedisClientConfig serverConfig;
    private final JedisClientConfig open;
    private volatile List<HostAndPort> sentinels;

    /** @param serverConfig of connections to the master; its password is told to sentinels that ask for one */
    SentinelSockets(List<HostAndPort> sentinels, String master, JedisClientConfig serverConfig) {
        this.sentinels = List.copyOf(sentinels);
        this.master = master;
        this.serverConfig = serverConfig;
        this.open = config(serverConfig).build();
    }

    @Override
    public Socket createSocket() {
        return new DefaultJedisSocketFactory(master(), serverConfig).createSocket();
    }

    private HostAndPort master() {
        List<String> failures = new ArrayList<>();
        for (HostAndPort sentinel : sentinels) {
            try {
                HostAndPort found = askedOf(sentinel);
                if (found != null) {
                    preferred(sentinel);
                    return found;
                }
                failures.add(sentinel + " knows no master " + master);
            } catch (JedisException e) {
                failures.add(sentinel + ": " + e.getMessage());
            }
        }
        throw new JedisConnectionException("no sentinel names the master: " + String.join("; ", failures));
    }

    /** Null when this sentinel does not know it. */
    private HostAndPort askedOf(HostAndPort sentinel) {
        try {
            return asked(sentinel, open);
        } catch (JedisConnectionException e) {
            throw e;
        } catch (JedisException e) {
            if (!String.valueOf(e.getMessage()).startsWith("NOAUTH")) {
                throw e;
            }
            return asked(
                    sentinel,
                    config(serverConfig)
                            .credentialsProvider(serverConfig.getCredentialsProvider())
                            .build());
        }
    }

    private HostAndPort asked(HostAndPort sentinel, JedisClientConfig config) {
        try (Jedis jedis = new Jedis(sentinel, config)) {
            List<String> address = jedis.sentinelGetMasterAddrByName(master);
            return address == null || address.size() < 2
                    ? null
                    : new HostAndPort(address.get(0), Integer.parseInt(address.get(1)));
        }
    }

    /** The one that answered is asked first from now on. */
    private void preferred(HostAndPort sentinel) {
        List<HostAndPort> now = sentinels;
        if (!now.get(0).equals(sentinel)) {
            List<HostAndPort> next = new ArrayList<>(now);
            next.remove(sentinel);
            next.add(0, sentinel);
            sentinels = List.copyOf(next);
        }
    }

    private static DefaultJedisClientConfig.Builder config(JedisClientConfig server) {
        DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder()
                .resp2()
                .connectionTimeoutMillis((int) PATIENCE.toMillis())
                .socketTimeoutMillis((int) PATIENCE.toMillis())
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED);
        if (server.isSsl()) {
            config.sslOptions(server.getSslOptions());
        }
        return config;
    }
}
