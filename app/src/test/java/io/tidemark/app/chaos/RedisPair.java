package io.tidemark.app.chaos;

import static org.awaitility.Awaitility.await;

import io.tidemark.app.cluster.StormCluster;
import io.tidemark.app.service.AppendOnlyFileEnd;
import io.tidemark.commit.RedisAddress;
import io.tidemark.testing.CuttingProxy;
import io.tidemark.testing.RedisServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.function.Consumer;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A cluster's own Redis and a second one, of which either can lead while the other is or was its replica. The address
 * that is given away is moved to the one that leads. Used by one thread, but for {@link #close}.
 */
final class RedisPair implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int LONGEST_LAG_MS = 1_500;

    private final StormCluster cluster;
    private final Path own;
    private final Random random;
    private final RedisAddress ownAddress;
    private final RedisServer second;
    private final CuttingProxy proxy;
    private boolean secondLeads;

    /**
     * Starts the second one.
     *
     * @param own folder of the cluster's Redis, which runs
     * @param folder of the second one
     */
    RedisPair(StormCluster cluster, Path own, Path folder, Random random) {
        this.cluster = cluster;
        this.own = own;
        this.random = random;
        this.ownAddress = cluster.info().redisAddress();
        this.second = RedisServer.startWithPassword(folder, ownAddress.password());
        this.proxy = new CuttingProxy(ownPort());
    }

    /** Leads to the one that leads now. */
    RedisAddress address() {
        return new RedisAddress("redis://127.0.0.1:" + proxy.port() + "/0", ownAddress.passwordFile());
    }

    private int ownPort() {
        return URI.create(ownAddress.uri()).getPort();
    }

    private int leading() {
        return secondLeads ? second.port() : ownPort();
    }

    private int following() {
        return secondLeads ? ownPort() : second.port();
    }

    /** Kills the one that leads; it is started again, by the cluster where it is the cluster's. */
    void kill() {
        if (secondLeads) {
            second.killAndRestart();
        } else {
            cluster.process("redis").ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /** Stops the one that leads, cuts its file, and starts it again. */
    void loseWrites() throws IOException {
        if (secondLeads) {
            second.kill();
            LastWrites.lose(second.folder(), random);
            AppendOnlyFileEnd.cutTornCommit(second.folder()); // as the cluster does for its own
            second.start();
        } else {
            cluster.stop("redis");
            try {
                LastWrites.lose(own, random);
            } finally {
                cluster.start("redis");
            }
        }
    }

    /**
     * The follower is made a replica of the leader and cut off from it for a while; then it leads, and the former leader
     * becomes its replica. Connections to that one stay open, or break, by chance.
     *
     * @param recovery begins when the replica is promoted
     */
    void promote(Recovery recovery) throws InterruptedException {
        int master = leading();
        int replica = following();
        try (CuttingProxy link = new CuttingProxy(master)) {
            insist(master, jedis -> jedis.configSet("repl-diskless-sync-delay", "0"));
            insist(replica, jedis -> {
                jedis.configSet("masterauth", ownAddress.password());
                jedis.replicaof("127.0.0.1", link.port());
            });
            await("a replica that follows")
                    .atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(JedisException.class)
                    .until(() -> {
                        try (Jedis jedis = connect(replica)) {
                            return jedis.info("replication").contains("master_link_status:up");
                        }
                    });
        }
        Thread.sleep(random.nextInt(LONGEST_LAG_MS));
        recovery.begins();
        insist(replica, Jedis::replicaofNoOne);
        secondLeads = !secondLeads;
        proxy.lead(replica);
        insist(master, jedis -> {
            jedis.configSet("masterauth", ownAddress.password());
            jedis.replicaof("127.0.0.1", replica);
        });
        if (random.nextBoolean()) {
            proxy.cut();
        }
    }

    private Jedis connect(int port) {
        Jedis jedis = new Jedis("127.0.0.1", port);
        jedis.auth(ownAddress.password());
        return jedis;
    }

    /** Also to one that is being started. */
    private void insist(int port, Consumer<Jedis> saying) {
        await("Redis on port " + port)
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(JedisException.class)
                .until(() -> {
                    try (Jedis jedis = connect(port)) {
                        saying.accept(jedis);
                        return true;
                    }
                });
    }

    @Override
    public void close() {
        second.close();
        proxy.close();
    }
}
