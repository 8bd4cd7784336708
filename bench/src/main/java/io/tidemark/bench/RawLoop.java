package io.tidemark.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
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
 * streaming parser, and counts in a hash map. It forgets all when it ends. The first pass warms it up.
 */
final class RawLoop {
    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, long[]> counts = new HashMap<>();
    private String action;
    private String namespace;
    private String actor;
    private String login;

    private RawLoop() {}

    /** @param arguments broker, topic, records */
    public static void main(String[] arguments) throws IOException {
        int records = Integer.parseInt(arguments[2]);
        drain(arguments[0], arguments[1], records);
        double seconds = drain(arguments[0], arguments[1], records);
        System.out.println("RESULT " + records / seconds);
    }

    private static double drain(String broker, String topic, int records) throws IOException {
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
            long from = System.nanoTime();
            while (left > 0) {
                for (ConsumerRecord<byte[], byte[]> each : consumer.poll(Duration.ofSeconds(5))) {
                    loop.count(each.value());
                    left--;
                }
            }
            return (System.nanoTime() - from) / 1e9;
        }
    }

    private void count(byte[] value) throws IOException {
        action = null;
        namespace = null;
        actor = null;
        login = "loggedin";
        try (JsonParser parser = JSON.createParser(value)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                add("rejected");
                return;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                field(parser, name, token);
            }
        } catch (JsonProcessingException e) {
            add("rejected");
            return;
        }
        add("action:" + action);
        add("namespace:" + namespace);
        add("actor:" + actor);
        add("login:" + login);
    }

    private void field(JsonParser parser, String name, JsonToken token) throws IOException {
        switch (name) {
            case "type", "action" -> action = parser.getText();
            case "namespace", "ns" -> namespace = parser.getText();
            case "bot", "is_bot" -> actor = token == JsonToken.VALUE_TRUE ? "bot" : "human";
            case "is_anon" -> login = token == JsonToken.VALUE_TRUE ? "anonymous" : login;
            case "user" -> login = token == JsonToken.VALUE_STRING && parser.getTextLength() > 0 ? login : "hidden";
            default -> parser.skipChildren();
        }
        if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
            parser.skipChildren();
        }
    }

    private void add(String category) {
        counts.computeIfAbsent(category, k -> new long[1])[0]++;
    }
}
