package io.tidemark.app;

import io.tidemark.oracle.JudgedRecord;
import io.tidemark.oracle.LabelBook;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic from its beginning to its end, apart from the product, and finds the label of each record. */
public final class TopicReader {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private TopicReader() {}

    /** All records below the ends that the topic has now. */
    public static List<JudgedRecord> read(String bootstrapServers, String topic, LabelBook labels) {
        Map<String, Object> properties = Map.of("bootstrap.servers", bootstrapServers, "max.poll.records", 5_000);
        List<JudgedRecord> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
                for (ConsumerRecord<byte[], byte[]> each : consumer.poll(PATIENCE)) {
                    if (each.offset() < ends.get(new TopicPartition(topic, each.partition()))) {
                        records.add(new JudgedRecord(
                                each.partition(), each.offset(), each.timestamp(), labels.found(each.value())));
                    }
                }
            }
        }
        return records;
    }
}
