package io.tidemark.bench;

import io.tidemark.oracle.LabelledEvents;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The topic that is drained: seeded events of both formats, one in a hundred of them bad, on four partitions. */
final class Topic {
    static final int PARTITIONS = 4;
    private static final Instant END = Instant.parse("2026-11-24T12:00:00Z");
    private static final Duration SPAN = Duration.ofMinutes(40);

    private Topic() {}

    /** Fills the topic unless it holds so many records already. @return bytes of a record on average, or -1 if filled */
    static long fill(String broker, String topic, int records) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker))) {
            if (admin.listTopics().names().get().contains(topic)
                    && ends(admin, topic).values().stream()
                                    .mapToLong(Long::longValue)
                                    .sum()
                            == records) {
                return -1;
            }
        }
        create(broker, topic);
        LabelledEvents events = new LabelledEvents(1, END, SPAN, records, 0.01);
        AtomicReference<Exception> refused = new AtomicReference<>();
        long bytes = 0;
        try (KafkaProducer<byte[], byte[]> producer = producer(broker)) {
            long from = END.minus(SPAN).toEpochMilli();
            for (int i = 0; i < records; i++) {
                byte[] value = events.nextLine().bytes();
                bytes += value.length;
                long timestamp = from + SPAN.toMillis() * i / records;
                producer.send(new ProducerRecord<>(topic, i % PARTITIONS, timestamp, null, value), (metadata, e) -> {
                    if (e != null) {
                        refused.set(e);
                    }
                });
            }
        }
        if (refused.get() != null) {
            throw new ExecutionException("the topic could not be filled", refused.get());
        }
        return bytes / records;
    }

    /** Makes a topic, empty, whether it was there before or not. */
    static void create(String broker, String topic) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker))) {
            if (admin.listTopics().names().get().contains(topic)) {
                admin.deleteTopics(List.of(topic)).all().get();
                Thread.sleep(1_000);
            }
            admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
    }

    static KafkaProducer<byte[], byte[]> producer(String broker) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("bootstrap.servers", broker);
        properties.put("linger.ms", 1); // what the producer waits is no contender's delay
        properties.put("batch.size", 262_144);
        properties.put("buffer.memory", 67_108_864);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    static Map<TopicPartition, Long> ends(Admin admin, String topic) throws InterruptedException, ExecutionException {
        return admin
                .listOffsets(IntStream.range(0, PARTITIONS)
                        .boxed()
                        .collect(Collectors.toMap(p -> new TopicPartition(topic, p), p -> OffsetSpec.latest())))
                .all()
                .get()
                .entrySet()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().offset()));
    }
}
