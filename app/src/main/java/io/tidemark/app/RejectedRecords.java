package io.tidemark.app;

import io.tidemark.app.show.RejectedRecord;
import io.tidemark.cut.RejectedReader.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Fetches records of a topic by their positions. Used by one thread. */
final class RejectedRecords implements AutoCloseable {
    private static final int PATIENCE_MS = 10_000;
    private static final Duration POLL = Duration.ofMillis(500);

    /** Reading on is cheaper than a new fetch when the next wanted record is no further away. */
    private static final long NEAR = 200;

    private final KafkaConsumer<byte[], byte[]> consumer;

    RejectedRecords(String bootstrapServers) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "auto.offset.reset",
                        "none",
                        "enable.auto.commit",
                        false,
                        "max.partition.fetch.bytes",
                        128 << 10,
                        "default.api.timeout.ms",
                        PATIENCE_MS,
                        "request.timeout.ms",
                        PATIENCE_MS),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /**
     * Fetches records; what Kafka no longer has comes back as gone.
     *
     * @throws TimeoutException when the broker does not answer
     */
    List<RejectedRecord> read(String topic, Collection<Position> positions) {
        List<RejectedRecord> records = new ArrayList<>();
        if (positions.isEmpty()) {
            return records;
        }
        boolean isThere = consumer.listTopics().containsKey(topic);
        int partitions = isThere ? consumer.partitionsFor(topic).size() : 0;
        positions.stream().collect(Collectors.groupingBy(Position::partition)).forEach((partition, wanted) -> {
            TreeMap<Long, Position> byOffset = new TreeMap<>();
            wanted.forEach(position -> byOffset.put(position.offset(), position));
            if (partition < partitions) {
                read(new TopicPartition(topic, partition), byOffset, records);
            }
            byOffset.values().forEach(position -> records.add(RejectedRecord.gone(position)));
        });
        return records;
    }

    /** Takes what it finds out of {@code wanted}. */
    private void read(TopicPartition partition, TreeMap<Long, Position> wanted, List<RejectedRecord> records) {
        consumer.assign(List.of(partition));
        long first = consumer.beginningOffsets(List.of(partition)).get(partition);
        long end = consumer.endOffsets(List.of(partition)).get(partition);
        Long next = wanted.ceilingKey(first);
        long position = -1;
        long until = System.nanoTime() + PATIENCE_MS * 1_000_000L;
        while (next != null && next < end) {
            if (position < 0 || next - position > NEAR) {
                consumer.seek(partition, next);
            }
            for (ConsumerRecord<byte[], byte[]> each : consumer.poll(POLL)) {
                Position found = wanted.remove(each.offset());
                if (found != null) {
                    records.add(RejectedRecord.found(found, Instant.ofEpochMilli(each.timestamp()), each.value()));
                }
            }
            long reached = consumer.position(partition);
            if (reached != position) {
                until = System.nanoTime() + PATIENCE_MS * 1_000_000L;
            } else if (System.nanoTime() > until) {
                throw new TimeoutException("no records of " + partition + " came within " + PATIENCE_MS / 1000 + " s");
            }
            position = reached;
            next = wanted.ceilingKey(position);
        }
    }

    @Override
    public void close() {
        consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
