package io.tidemark.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Events whose offset says what they are, so that every answer can be judged by the offsets that it states. May be sent
 * by one thread while others judge.
 */
final class NumberedEvents implements AutoCloseable {
    private static final int PARTITIONS = 4;

    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;
    private long sent;

    NumberedEvents(String bootstrapServers, String topic) {
        this.topic = topic;
        // One in flight: records stand in the order in which they were sent.
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "max.in.flight.requests.per.connection", 1),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    void send(int events) {
        for (int i = 0; i < events; i++) {
            long offset = sent / PARTITIONS;
            String event = "{\"kind\":\"k" + offset % 2 + "\",\"size\":\"s" + offset % 3 + "\"}";
            producer.send(new ProducerRecord<>(
                    topic, (int) (sent % PARTITIONS), null, event.getBytes(StandardCharsets.UTF_8)));
            sent++;
        }
        producer.flush();
    }

    long sent() {
        return sent;
    }

    /** What there must be of a dimension in a cut: {@code k0}, {@code k1} or {@code s0} to {@code s2}. */
    static Map<String, Long> expected(JsonNode cut, String prefix, int kinds) {
        Map<String, Long> expected = new TreeMap<>();
        cut.path("offsets").properties().forEach(mark -> {
            for (int kind = 0; kind < kinds; kind++) {
                long count = (mark.getValue().asLong() + kinds - 1 - kind) / kinds;
                if (count > 0) {
                    expected.merge(prefix + kind, count, Long::sum);
                }
            }
        });
        return expected;
    }

    @Override
    public void close() {
        producer.close();
    }
}
