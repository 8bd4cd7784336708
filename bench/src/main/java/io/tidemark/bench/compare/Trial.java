package io.tidemark.bench.compare;

import io.tidemark.commit.RedisStore;
import io.tidemark.commit.Script;
import io.tidemark.testing.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisException;

/** One contender under one fault, with a topic, Redis and ZooKeeper of its own. Used by one thread. */
final class Trial implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(90);

    /** Counts that have not changed for so long, with a worker at work, have settled. */
    private static final Duration SETTLED = Duration.ofSeconds(8);

    /** When an event has not been counted for so long, nothing is counted any more. */
    private static final Duration STUCK = Duration.ofSeconds(60);

    /** Counts that are right must stay so for so long. */
    private static final Duration RIGHT = Duration.ofSeconds(4);

    private static final String[] KINDS = {"edit", "new", "log"};

    private final boolean stock;
    private final String variant;
    private final Path folder;
    private final String broker;
    private final String topic;
    private final RedisServer server;
    private final RedisClient redis;
    private final FaultProxy proxy;
    private final TransactionalZooKeeper zooKeeper;
    private final List<Worker> workers = new ArrayList<>();
    private final Map<String, Long> truth = new TreeMap<>();
    private Map<String, byte[]> remembered = Map.of();
    private int sent;

    /** @param variant of the stock topology */
    Trial(boolean stock, String variant, Path folder, String broker, String topic, int partitions)
            throws IOException, InterruptedException, ExecutionException {
        this.stock = stock;
        this.variant = variant;
        this.folder = folder;
        this.broker = broker;
        this.topic = topic;
        this.server = redis(folder.resolve("redis"));
        this.redis = RedisClient.builder()
                .hostAndPort(new HostAndPort("127.0.0.1", server.port()))
                .clientConfig(DefaultJedisClientConfig.builder()
                        .password(server.password())
                        .build())
                .build();
        List<String> writes = stock
                ? List.of("HMSET")
                : List.of(Script.load(RedisStore.class, "commit.lua").sha1(), "Compare and add");
        this.proxy = new FaultProxy(server.port(), writes);
        this.zooKeeper = new TransactionalZooKeeper(folder.resolve("zookeeper"));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker))) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                    .all()
                    .get();
        }
    }

    /** A process that another thread starts at this moment may hold the binary open that was just written. */
    private static RedisServer redis(Path folder) throws InterruptedException {
        try {
            return RedisServer.start(folder);
        } catch (UncheckedIOException busy) {
            Thread.sleep(500);
            return RedisServer.start(folder);
        }
    }

    /** Sends events together, so that whoever polls sees all of them or none. */
    void send(int partition, int events) {
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            for (int i = 0; i < events; i++) {
                producer.send(next(partition));
            }
            producer.flush();
        }
    }

    void sendInTransaction(int partition, int events) {
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", topic))) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int i = 0; i < events; i++) {
                producer.send(next(partition));
            }
            producer.commitTransaction();
        }
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(more);
        properties.put("bootstrap.servers", broker);
        properties.put("linger.ms", 100);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private ProducerRecord<byte[], byte[]> next(int partition) {
        String kind = KINDS[sent % KINDS.length];
        truth.merge(kind, 1L, Long::sum);
        String event = "{\"kind\":\"" + kind + "\",\"n\":" + sent++ + "}";
        return new ProducerRecord<>(topic, partition, null, event.getBytes(StandardCharsets.UTF_8));
    }

    Worker startWorker() throws IOException {
        Worker worker = new Worker(
                folder.resolve("worker-" + (workers.size() + 1)),
                stock ? "stock" : "ours",
                broker,
                topic,
                Integer.toString(proxy.port()),
                server.passwordFile().toString(),
                Integer.toString(zooKeeper.port()),
                variant);
        workers.add(worker);
        return worker;
    }

    FaultProxy network() {
        return proxy;
    }

    TransactionalZooKeeper zooKeeper() {
        return zooKeeper;
    }

    RedisServer redisServer() {
        return server;
    }

    /** Whether writes are refused for want of memory. */
    void redisIsFull(boolean full) {
        redis.configSet("maxmemory", full ? "1" : "0");
    }

    /** Keeps what Redis holds now. */
    void rememberRedis() {
        Map<String, byte[]> all = new HashMap<>();
        redis.keys("*").forEach(key -> all.put(key, redis.dump(key)));
        remembered = all;
    }

    /** Redis holds again what was remembered. */
    void restoreRedis() {
        redis.flushAll();
        remembered.forEach((key, dump) -> redis.restore(key, 0, dump));
    }

    /** Waits until a worker's write is held back on its way to Redis. */
    void awaitHeldWrite() throws InterruptedException {
        await("a write is held back", proxy::holdsSomething);
        Thread.sleep(500);
    }

    /** Waits until everything that was sent is counted, and the batch's end has been noted. */
    void awaitCounted() throws InterruptedException {
        await("everything is counted", () -> counts().equals(truth));
        Thread.sleep(1_500);
    }

    private void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException((stock ? "stock" : "ours") + " waited in vain until " + what + ": "
                        + counts() + " of " + truth + ", see " + folder);
            }
            Thread.sleep(50);
        }
    }

    /** Waits until a worker has counted something that was not counted before, and then no more for a while. */
    void awaitMoreCounted(Map<String, Long> before) throws InterruptedException {
        await("more is counted", () -> !counts().equals(before));
        settle();
    }

    /**
     * What has been counted in the end. Wrong counts are believed when a later event has been counted and they are wrong
     * by as much as before; or when no later event is counted in a long time.
     */
    Outcome outcome() throws InterruptedException {
        long sentBefore = sum(truth);
        Map<String, Long> counts = settle();
        boolean moves = true;
        long by = Long.MIN_VALUE;
        while (!counts.equals(truth) && moves && by != sum(counts) - sum(truth)) {
            by = sum(counts) - sum(truth);
            send(0, 1);
            moves = goesOn(counts);
            if (moves) {
                counts = settle();
            }
        }
        boolean exact = counts.equals(truth);
        long counted = moves ? sentBefore + sum(counts) - sum(truth) : sum(counts);
        int deaths = workers.stream().mapToInt(Worker::deaths).sum();
        return new Outcome(sentBefore, counted, exact, moves, deaths);
    }

    /** Whether one more event is counted. */
    private boolean goesOn(Map<String, Long> counts) throws InterruptedException {
        long deadline = System.nanoTime() + STUCK.toNanos();
        while (counts().equals(counts)) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(100);
        }
        return true;
    }

    /** Waits until the counts do not change any more, with a worker at work. @return the counts */
    private Map<String, Long> settle() throws InterruptedException {
        Map<String, Long> last = counts();
        long since = System.nanoTime();
        long deadline = since + 2 * START.toNanos();
        while (System.nanoTime() < deadline) {
            Thread.sleep(100);
            Map<String, Long> now = counts();
            if (!now.equals(last) || !workers.get(workers.size() - 1).isReady()) {
                last = now;
                since = System.nanoTime();
            }
            Duration unchanged = Duration.ofNanos(System.nanoTime() - since);
            if (unchanged.compareTo(now.equals(truth) ? RIGHT : SETTLED) > 0) {
                break;
            }
        }
        return last;
    }

    Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        try {
            redis.hgetAll(stock ? StockTopology.COUNTS : "tidemark:{kinds}:total:kind")
                    .forEach((kind, value) -> {
                        String number = stock ? value.substring(value.lastIndexOf(',') + 1, value.length() - 1) : value;
                        counts.put(kind, Long.valueOf(number.strip()));
                    });
        } catch (JedisException away) {
            counts.put("(Redis is away)", -1L);
        }
        return counts;
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(n -> n).sum();
    }

    @Override
    public void close() throws IOException {
        workers.forEach(Worker::kill);
        proxy.close();
        redis.close();
        server.close();
        zooKeeper.close();
    }
}
