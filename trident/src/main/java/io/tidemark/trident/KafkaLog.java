package io.tidemark.trident;

import io.tidemark.plan.Chunk;
import io.tidemark.plan.EventLog;
import io.tidemark.plan.LogRefusals;
import io.tidemark.plan.LogUnavailableException;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfig;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The topic in Kafka. It has no consumer group and commits nothing: where reading goes on is the marks' business. One
 * instance either plans, reads ranges or waits for records, since a fetch that waits at the broker holds up whatever
 * else its connection is asked.
 */
public final class KafkaLog implements EventLog {
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final StreamConfig config;
    private final Topic topic;
    private final Supplier<Consumer<byte[], byte[]>> clients;
    private final LongSupplier nanos;
    private Consumer<byte[], byte[]> consumer;
    private RangeReader reader;
    private List<TopicPartition> partitions;

    /** Partitions that we wait for and whose position in the consumer is one that we set. */
    private final Set<TopicPartition> placed = new HashSet<>();

    /**
     * @param config of the stream: its topic, and whether aborted records are left out
     * @param client properties of the Kafka client
     */
    public KafkaLog(StreamConfig config, Map<String, String> client) {
        this(
                config,
                client,
                Map.of(
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        4_000,
                        // The client fetches ahead, and while that waits at the log's end nothing else is fetched.
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        5,
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        4 << 20));
    }

    /** One that only waits for records, and fetches as little as it can. */
    public static KafkaLog watching(StreamConfig config, Map<String, String> client) {
        return new KafkaLog(
                config,
                client,
                Map.of(
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1,
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1,
                        ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 1));
    }

    private KafkaLog(StreamConfig config, Map<String, String> client, Map<String, Object> fetching) {
        this(
                config,
                new KafkaTopic(config.topic(), new HashMap<>(client), ANSWER),
                () -> new KafkaConsumer<>(properties(config, client, fetching)),
                System::nanoTime);
    }

    /**
     * @param topic closed with this
     * @param clients makes the client, once
     * @param nanos rising
     */
    KafkaLog(StreamConfig config, Topic topic, Supplier<Consumer<byte[], byte[]>> clients, LongSupplier nanos) {
        this.config = config;
        this.topic = topic;
        this.clients = clients;
        this.nanos = nanos;
    }

    private static Map<String, Object> properties(
            StreamConfig config, Map<String, String> client, Map<String, Object> fetching) {
        Map<String, Object> all = new HashMap<>(fetching);
        all.putAll(client);
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, config.readCommitted() ? "read_committed" : "read_uncommitted");
        all.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        all.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return all;
    }

    @Override
    public String topicId() {
        return topic.id();
    }

    @Override
    public boolean compacted() {
        return topic.compacted();
    }

    @Override
    public boolean brokerTimes() {
        return topic.brokerTimes();
    }

    @Override
    public SortedMap<Integer, Long> firstOffsets() {
        partitions = topic.partitions();
        return asked(() -> consumer().beginningOffsets(partitions, ANSWER));
    }

    /** Partitions that were added are found by {@link #firstOffsets}. */
    @Override
    public SortedMap<Integer, Long> endOffsets() {
        if (partitions == null) {
            partitions = topic.partitions();
        }
        return asked(() -> consumer().endOffsets(partitions, ANSWER));
    }

    @Override
    public SortedMap<Integer, Long> writtenOffsets() {
        return config.readCommitted() ? topic.written() : new TreeMap<>();
    }

    @Override
    public void read(
            Plan plan,
            Collection<Range> ranges,
            int maxRecords,
            Duration timeout,
            java.util.function.Consumer<Chunk> chunks) {
        try {
            if (reader == null) {
                reader = new RangeReader(config.topic(), consumer(), nanos);
            }
            // Without its last chunk a range is not whole, so that nothing can be counted which was not checked.
            Map<Integer, Chunk> last = new HashMap<>();
            reader.read(plan, ranges, maxRecords, timeout, chunk -> {
                Chunk before = last.put(chunk.covers().partition(), chunk);
                if (before != null) {
                    chunks.accept(before);
                }
            });
            checkTopicId(plan);
            last.values().forEach(chunks);
        } catch (RefusedException e) {
            reader.forget();
            throw e;
        } catch (OffsetOutOfRangeException e) {
            checkTopicId(plan);
            throw outOfRange(e);
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            throw unavailable("topic " + config.topic(), e);
        }
    }

    @Override
    public SortedMap<Integer, Long> awaitRecords(SortedMap<Integer, Long> positions, Duration timeout) {
        try {
            Set<TopicPartition> wanted = positions.keySet().stream()
                    .map(partition -> new TopicPartition(config.topic(), partition))
                    .collect(Collectors.toSet());
            if (!wanted.equals(consumer().assignment())) {
                consumer().assign(wanted);
                placed.clear();
            }
            for (TopicPartition partition : wanted) {
                long position = positions.get(partition.partition());
                if (!placed.contains(partition) || consumer().position(partition, ANSWER) != position) {
                    consumer().seek(partition, position);
                    placed.add(partition);
                }
            }
            consumer().poll(timeout);
            SortedMap<Integer, Long> seen = new TreeMap<>();
            for (TopicPartition partition : wanted) {
                seen.put(partition.partition(), consumer().position(partition, ANSWER));
            }
            return seen;
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            placed.clear();
            throw unavailable("topic " + config.topic(), e);
        }
    }

    /** May be called by a thread that was interrupted, which is how a task is often told to end: it stays so. */
    @Override
    public void close() {
        // Kafka's clients take it for a failure to close, log it as an error and throw.
        boolean wasInterrupted = Thread.interrupted();
        try {
            topic.close();
            if (consumer != null) {
                consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
            }
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Consumers read by name: whether what was read came from the plan's topic shows only afterwards. */
    private void checkTopicId(Plan plan) {
        String id = topic.id();
        if (!id.equals(plan.topicId())) {
            throw new LogRefusals(config).topicRecreated(id, plan.topicId());
        }
    }

    private RuntimeException outOfRange(OffsetOutOfRangeException e) {
        TopicPartition partition = e.partitions().iterator().next();
        long wanted = e.offsetOutOfRangePartitions().get(partition);
        LogRefusals refusals = new LogRefusals(config);
        if (!(e instanceof LogTruncationException)) {
            long first = firstOffsets().getOrDefault(partition.partition(), 0L);
            if (first > wanted) {
                return refusals.recordsLost(List.of(new LogRefusals.Place(partition.partition(), wanted, first)));
            }
        }
        return refusals.logDiverged(partition.partition(), wanted);
    }

    private SortedMap<Integer, Long> asked(Supplier<Map<TopicPartition, Long>> question) {
        try {
            SortedMap<Integer, Long> answer = new TreeMap<>();
            question.get().forEach((partition, offset) -> answer.put(partition.partition(), offset));
            return answer;
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            throw unavailable("topic " + config.topic(), e);
        }
    }

    private Consumer<byte[], byte[]> consumer() {
        if (consumer == null) {
            consumer = clients.get();
        }
        return consumer;
    }

    static LogUnavailableException unavailable(String what, KafkaException e) {
        String cause = e.getCause() == null ? "" : " (" + e.getCause().getMessage() + ")";
        return new LogUnavailableException(
                what + ": " + e.getClass().getSimpleName() + ": " + e.getMessage() + cause, e);
    }
}
