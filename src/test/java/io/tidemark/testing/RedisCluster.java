package io.tidemark.testing;

import io.tidemark.commit.RedisAddress;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.args.ClusterFailoverOption;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.MigrateParams;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * A real Redis Cluster of three masters, each a {@link RedisServer} with some of the slots. They can be
 * killed and started again, and slots can be moved between them. Used by one thread.
 */
public final class RedisCluster implements AutoCloseable {
    private static final Duration START_TIME = Duration.ofSeconds(60);

    /** First slot of each node, and one past the last: so the shards of a stream {@code wiki} lie on three nodes. */
    private static final List<Integer> BOUNDS = List.of(0, 8_192, 13_000, 16_384);

    private static final int MOVED_AT_ONCE = 100;
    private static final int MOVE_TIMEOUT_MS = 5_000;

    private final List<RedisServer> nodes = new ArrayList<>();
    private final List<RedisServer> replicas = new ArrayList<>();
    private final Map<RedisServer, String> ids = new ConcurrentHashMap<>();

    private static RedisCluster shared;

    private final Path folder;

    private RedisCluster(Path folder) {
        this.folder = folder;
    }

    /** One for all tests of this JVM, which it dies with: starting one takes seconds. Whoever comes next finds no keys. */
    public static synchronized RedisCluster shared() {
        try {
            if (shared == null) {
                shared = start(
                        Files.createTempDirectory(Path.of("target").toAbsolutePath(), "redis-cluster-"),
                        "appendonly no");
                Runtime.getRuntime().addShutdownHook(new Thread(shared::discard, "discard-redis-cluster"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        shared.awaitOk();
        shared.flushAll();
        return shared;
    }

    private void discard() {
        close();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts one and waits until it takes writes. @param lines of the nodes' configuration */
    public static RedisCluster start(Path folder, String... lines) {
        RedisCluster cluster = new RedisCluster(folder);
        try {
            for (int i = 0; i < 3; i++) {
                Path own = folder.resolve("node-" + i);
                String[] all = lines(lines);
                cluster.nodes.add(
                        i == 0
                                ? RedisServer.start(own, all)
                                : cluster.nodes.get(0).startSibling(own, all));
            }
            cluster.form();
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    /** The bus has a port of its own: the usual one, 10,000 above the other, may be none. */
    private static String[] lines(String... more) {
        List<String> lines = new ArrayList<>(List.of(
                "cluster-enabled yes",
                "cluster-port " + RedisServer.freePort(),
                "cluster-announce-ip 127.0.0.1",
                "cluster-node-timeout 2000",
                "repl-diskless-sync-delay 0"));
        lines.addAll(List.of(more));
        return lines.toArray(String[]::new);
    }

    private void form() {
        for (int i = 0; i < nodes.size(); i++) {
            int first = BOUNDS.get(i);
            int last = BOUNDS.get(i + 1) - 1;
            int epoch = i + 1;
            RedisServer node = nodes.get(i);
            on(node, jedis -> jedis.clusterAddSlotsRange(first, last));
            on(node, jedis -> jedis.sendCommand(Protocol.Command.CLUSTER, "SET-CONFIG-EPOCH", "" + epoch));
            if (i > 0) {
                meet(node);
            }
        }
        awaitOk();
    }

    private void meet(RedisServer node) {
        RedisServer met = nodes.get(0);
        on(
                node,
                jedis -> jedis.sendCommand(
                        Protocol.Command.CLUSTER, "MEET", "127.0.0.1", "" + met.port(), busPort(met)));
    }

    /** Starts a replica of a master, and waits until it has all that the master has. */
    public RedisServer replicaOf(RedisServer master) {
        RedisServer replica = master.startSibling(folder.resolve("replica-" + master.port()), lines());
        replicas.add(replica);
        meet(replica);
        awaitOk();
        String id = id(master);
        Awaitility.await() // it may not have heard of this one yet
                .atMost(START_TIME)
                .ignoreExceptionsInstanceOf(JedisDataException.class)
                .until(() -> on(replica, jedis -> jedis.clusterReplicate(id)), "OK"::equals);
        Awaitility.await()
                .atMost(START_TIME)
                .until(() -> on(replica, jedis -> jedis.info("replication")).contains("master_link_status:up"));
        return replica;
    }

    /** A replica takes its master's place without asking anybody. */
    public void takeOver(RedisServer replica, RedisServer master) {
        on(replica, jedis -> jedis.clusterFailover(ClusterFailoverOption.TAKEOVER));
        nodes.set(nodes.indexOf(master), replica);
        replicas.set(replicas.indexOf(replica), master);
    }

    /** Kills a node that has no slots any more, and lets the others forget it. */
    public void remove(RedisServer node) {
        node.kill();
        replicas.remove(node);
        nodes.forEach(each -> on(each, jedis -> jedis.clusterForget(id(node))));
        awaitOk();
    }

    private static String busPort(RedisServer node) {
        return on(node, jedis -> jedis.configGet("cluster-port")).get("cluster-port");
    }

    /** Waits until every node says that all slots are served. */
    public void awaitOk() {
        Awaitility.await()
                .atMost(START_TIME)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .until(() -> nodes.stream().allMatch(node -> {
                    String info = on(node, Jedis::clusterInfo);
                    return info.contains("cluster_state:ok")
                            && info.contains("cluster_known_nodes:" + (nodes.size() + replicas.size()));
                }));
    }

    public List<RedisServer> nodes() {
        return List.copyOf(nodes);
    }

    public RedisAddress address() {
        String hosts = nodes.stream().map(node -> "127.0.0.1:" + node.port()).collect(Collectors.joining(","));
        return new RedisAddress(
                "redis-cluster://" + hosts, nodes.get(0).passwordFile().toString());
    }

    /** The node that has a key. */
    public RedisServer nodeOf(String key) {
        int slot = JedisClusterCRC16.getSlot(key);
        String id = ownerOf(nodes.get(0), slot);
        return nodes.stream().filter(node -> id(node).equals(id)).findFirst().orElseThrow();
    }

    /** The id of the node that has a slot, as this one knows it. */
    private static String ownerOf(RedisServer asked, int slot) {
        for (Object range : (List<?>) on(asked, jedis -> jedis.sendCommand(Protocol.Command.CLUSTER, "SLOTS"))) {
            List<?> parts = (List<?>) range;
            if ((Long) parts.get(0) <= slot && slot <= (Long) parts.get(1)) {
                return new String((byte[]) ((List<?>) parts.get(2)).get(2));
            }
        }
        throw new IllegalStateException("nobody has slot " + slot);
    }

    private String id(RedisServer node) {
        return ids.computeIfAbsent(node, asked -> on(asked, Jedis::clusterMyId));
    }

    /** Says something to one node. */
    public static <T> T on(RedisServer node, Function<Jedis, T> saying) {
        DefaultJedisClientConfig config = DefaultJedisClientConfig.builder()
                .resp2()
                .password(node.password())
                .socketTimeoutMillis(MOVE_TIMEOUT_MS)
                .build();
        try (Jedis jedis = new Jedis(new HostAndPort("127.0.0.1", node.port()), config)) {
            return saying.apply(jedis);
        }
    }

    /** Moves all keys that share a key's slot to another node, as {@code redis-cli --cluster reshard} does. */
    public void move(String key, RedisServer to) {
        Move move = beginMove(key, to);
        while (move.some(MOVED_AT_ONCE) > 0) {
            Thread.onSpinWait();
        }
        move.end();
    }

    /** A slot that is being moved: some keys lie on the one node, and some on the other. */
    public Move beginMove(String key, RedisServer to) {
        return new Move(JedisClusterCRC16.getSlot(key), nodeOf(key), to);
    }

    /** Being moved, from its making to its end. */
    public final class Move {
        private final int slot;
        private final RedisServer from;
        private final RedisServer to;

        private Move(int slot, RedisServer from, RedisServer to) {
            this.slot = slot;
            this.from = from;
            this.to = to;
            on(to, jedis -> jedis.clusterSetSlotImporting(slot, id(from)));
            on(from, jedis -> jedis.clusterSetSlotMigrating(slot, id(to)));
        }

        /** Moves up to so many keys. @return how many */
        public int some(int most) {
            return these(on(from, jedis -> jedis.clusterGetKeysInSlot(slot, most)));
        }

        /** Moves these keys. @return how many */
        public int these(Collection<String> keys) {
            if (!keys.isEmpty()) {
                on(
                        from,
                        jedis -> jedis.migrate(
                                "127.0.0.1",
                                to.port(),
                                MOVE_TIMEOUT_MS,
                                MigrateParams.migrateParams().auth(to.password()),
                                keys.toArray(String[]::new)));
            }
            return keys.size();
        }

        /** From now on the slot is the other node's; all keys must have been moved. */
        public void end() {
            String id = id(to);
            on(to, jedis -> jedis.clusterSetSlotNode(slot, id));
            on(from, jedis -> jedis.clusterSetSlotNode(slot, id));
            for (RedisServer node : nodes) {
                on(node, jedis -> jedis.clusterSetSlotNode(slot, id));
            }
        }
    }

    /** Deletes all keys of all nodes. */
    public void flushAll() {
        nodes.forEach(node -> on(node, Jedis::flushAll));
    }

    @Override
    public void close() {
        nodes.forEach(RedisServer::close);
        replicas.forEach(RedisServer::close);
    }
}
