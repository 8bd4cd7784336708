package io.tidemark.trident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.commit.RedisAddress;
import io.tidemark.commit.RedisStore;
import io.tidemark.commit.Store;
import io.tidemark.oracle.JudgedRecord;
import io.tidemark.oracle.LabelledEvent;
import io.tidemark.oracle.LabelledEvents;
import io.tidemark.oracle.Recount;
import io.tidemark.oracle.RedisState;
import io.tidemark.plan.Marks;
import io.tidemark.stream.BundledStreams;
import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import io.tidemark.testing.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * One stream of its own for a test: a topic, a Redis, and a book of every record that was sent and how it must be
 * counted. Used by one thread.
 */
final class Rig implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(30);

    private final KafkaBroker broker;
    private final RedisAddress address;
    private final StreamConfig config;
    private KafkaProducer<byte[], byte[]> producer;
    private final Store store;
    private RedisServer redis;
    private RedisClient client;
    private final LabelledEvents events;
    private final List<JudgedRecord> judged = new ArrayList<>();
    private final SortedMap<Integer, Long> ends = new TreeMap<>();

    /** @param partitions of the topic, which is made; 0 when the test makes it */
    Rig(KafkaBroker broker, Path folder, String topic, int partitions, long seed) {
        this(broker, folder, topic, partitions, seed, text -> text);
    }

    Rig(KafkaBroker broker, Path folder, String topic, int partitions, long seed, UnaryOperator<String> configuration) {
        this(broker, RedisServer.start(folder.resolve("redis-" + topic)), topic, partitions, seed, configuration);
    }

    private Rig(
            KafkaBroker broker,
            RedisServer redis,
            String topic,
            int partitions,
            long seed,
            UnaryOperator<String> configuration) {
        this(broker, redis, redis.address(), topic, partitions, seed, configuration);
    }

    /**
     * @param redis ended with this
     * @param address under which the stream finds it
     */
    Rig(
            KafkaBroker broker,
            RedisServer redis,
            RedisAddress address,
            String topic,
            int partitions,
            long seed,
            UnaryOperator<String> configuration) {
        this.broker = broker;
        this.redis = redis;
        this.address = address;
        this.config = configuration(topic, configuration);
        this.producer = broker.producer(Map.of());
        this.store = RedisStore.open(address, config, "test");
        this.client = clientOf(redis);
        this.events = new LabelledEvents(seed, Instant.now(), Duration.ofHours(20), 100_000, 0.02);
        if (partitions > 0) {
            broker.createTopic(topic, partitions);
        }
    }

    /** The bundled stream on another topic. @param changing its text */
    static StreamConfig configuration(String topic, UnaryOperator<String> changing) {
        String text = BundledStreams.wikipedia().text();
        assertThat(text).contains("WikiPediaLogs");
        return StreamConfigReader.stored(changing.apply(text.replace("WikiPediaLogs", topic)));
    }

    private static RedisClient clientOf(RedisServer redis) {
        return RedisClient.builder()
                .hostAndPort(new HostAndPort("127.0.0.1", redis.port()))
                .clientConfig(DefaultJedisClientConfig.builder()
                        .password(redis.password())
                        .build())
                .build();
    }

    /** The address has been moved to another Redis: that is ended with this, the former is not. */
    void movedTo(RedisServer other) {
        client.close();
        redis = other;
        client = clientOf(other);
    }

    /** Says something to a Redis that only its keeper says. */
    static void admin(RedisServer server, Consumer<Jedis> saying) {
        try (Jedis jedis = new Jedis("127.0.0.1", server.port())) {
            jedis.auth(server.password());
            saying.accept(jedis);
        }
    }

    /** The same stream, Redis and topic's name, with a book of its own: what was sent before is of a topic that is gone. */
    Rig ofTheTopicMadeAnew() {
        return new Rig(broker, redis, address, config.topic(), 0, judged.size(), text -> text);
    }

    StreamConfig config() {
        return config;
    }

    RedisAddress address() {
        return address;
    }

    RedisServer redis() {
        return redis;
    }

    Store store() {
        return store;
    }

    RedisClient client() {
        return client;
    }

    TopologySettings settings() {
        return TopologySettings.of(broker.bootstrapServers(), address);
    }

    KafkaProducer<byte[], byte[]> producer() {
        return producer;
    }

    /** Sends labelled events round the partitions and notes where they lie. */
    void send(int count, int partitions) {
        List<LabelledEvent> sent = new ArrayList<>();
        List<Future<RecordMetadata>> places = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            LabelledEvent event = events.next();
            sent.add(event);
            places.add(producer.send(new ProducerRecord<>(config.topic(), i % partitions, null, event.bytes())));
        }
        producer.flush();
        for (int i = 0; i < count; i++) {
            note(sent.get(i), places.get(i));
        }
    }

    /** Events flow before, during and after a fault. */
    void whileSending(int partitions, Runnable fault) {
        AtomicBoolean over = new AtomicBoolean();
        send(200, partitions);
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
            while (!over.get()) {
                send(100, partitions);
                LockSupport.parkNanos(PAUSE.toNanos());
            }
            send(200, partitions);
        });
        long version = version();
        await().atMost(SOON).until(() -> version() >= version + 5);
        try {
            fault.run();
        } finally {
            over.set(true);
            sending.join();
        }
    }

    /** How many commits were taken. */
    long version() {
        return store.marks().orElseThrow().version();
    }

    /** Sends from now on as a program that has begun anew. @param how properties of its producer */
    void sendAnew(Map<String, Object> how) {
        producer.close(Duration.ZERO);
        producer = broker.producer(how);
    }

    /** Kafka has lost them: they are no records of the topic any more. @param ends of what is left, by partition */
    void lost(SortedMap<Integer, Long> left) {
        judged.removeIf(each -> each.offset() >= left.get(each.partition()));
        ends.replaceAll((partition, end) -> Math.min(end, left.get(partition)));
    }

    LabelledEvent nextEvent() {
        return events.next();
    }

    /** Notes where an event lies, to be counted. */
    void note(LabelledEvent event, Future<RecordMetadata> place) {
        try {
            RecordMetadata at = place.get();
            judged.add(new JudgedRecord(at.partition(), at.offset(), at.timestamp(), event.label()));
            ends.merge(at.partition(), at.offset() + 1, Math::max);
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The offset behind this place holds no record, but the mark must get beyond it. */
    void noteEndAfter(Future<RecordMetadata> place) {
        try {
            ends.merge(place.get().partition(), place.get().offset() + 2, Math::max);
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    int sent() {
        return judged.size();
    }

    Recount recount() {
        return new Recount(judged);
    }

    /** Waits until everything that was noted has been counted. */
    void awaitDrained() {
        awaitDrained(SOON);
    }

    void awaitDrained(Duration most) {
        await().atMost(most)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .untilAsserted(() -> {
                    Optional<Marks> marks = store.marks();
                    assertThat(marks).isPresent();
                    ends.forEach((partition, end) -> assertThat(marks.get().of(partition))
                            .as("mark of partition %s", partition)
                            .isGreaterThanOrEqualTo(end));
                });
    }

    /** Every count in Redis must equal the recount. */
    void assertExact() {
        assertExact(recount());
    }

    /** @param recount of what must have been counted */
    void assertExact(Recount recount) {
        await().atMost(SOON)
                .ignoreExceptionsInstanceOf(JedisConnectionException.class)
                .until(client::ping, "PONG"::equals);
        assertThat(RedisState.read(client).compare(recount).lines()).isEmpty();
    }

    /** The named refusal that the coordinator wrote beside the counts; empty while there is none. */
    String refusal() {
        String code = client.hget("tidemark:{wiki}:health", "refusal-code");
        return code == null ? "" : code;
    }

    String refusalMessage() {
        String message = client.hget("tidemark:{wiki}:health", "refusal-message");
        return message == null ? "" : message;
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        client.close();
        store.close();
        redis.close();
    }
}
