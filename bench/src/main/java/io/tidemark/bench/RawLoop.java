package io.tidemark.bench;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What a program without any promise does: one thread polls, parses the fields of four dimensions with Jackson's
 * streaming parser, and counts in a hash map. It forgets all when it ends. Its first passes warm it up.
 */
final class RawLoop {
    private final Map<String, long[]> counts = new HashMap<>();
    private final FourFields fields = new FourFields();

    private RawLoop() {}

    /** @param arguments broker, topic, records */
    public static void main(String[] arguments) {
        int records = Integer.parseInt(arguments[2]);
        for (int pass = 0; pass < TopologyRun.WARM_UPS; pass++) {
            drain(arguments[0], arguments[1], records);
        }
        System.out.println(drain(arguments[0], arguments[1], records).line());
    }

    private static Cost drain(String broker, String topic, int records) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("bootstrap.servers", broker);
        properties.put("enable.auto.commit", false);
        properties.put("max.poll.records", 5_000);
        properties.put("max.partition.fetch.bytes", 8_388_608);
        RawLoop loop = new RawLoop();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = IntStream.range(0, Topic.PARTITIONS)
                    .mapToObj(p -> new TopicPartition(topic, p))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            int left = records;
            Cost.Meter meter = new Cost.Meter(0);
            while (left > 0) {
                for (ConsumerRecord<byte[], byte[]> each : consumer.poll(Duration.ofSeconds(5))) {
                    loop.fields.parse(each.value(), loop::add);
                    left--;
                }
            }
            return meter.stop(records);
        }
    }

    private void add(String category) {
        counts.computeIfAbsent(category, k -> new long[1])[0]++;
    }
}
