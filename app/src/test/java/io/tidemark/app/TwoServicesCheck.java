package io.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Two whole services count one stream at once, each with a Storm and a ZooKeeper of its own: they quarrel, and counts stay
 * exact. One of them is stopped in the middle of its batches, by SIGSTOP at random moments, and goes on later.
 */
final class TwoServicesCheck {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final int EVENTS = 2_000;
    private static final long SEED = Long.getLong("tidemark.seed", new Random().nextLong());

    private TwoServicesCheck() {}

    /** @param counted records of the stream so far @param data folder of the first service */
    static void run(Path folder, String kafka, String redis, Path configuration, Path data, int counted)
            throws Exception {
        System.out.println("TwoServicesCheck: -Dtidemark.seed=" + SEED);
        Random random = new Random(SEED);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka), new ByteArraySerializer(), new ByteArraySerializer())) {
            long alone = millisToCount(producer, data, counted + EVENTS);
            try (ServiceProcess second = ServiceProcess.startWith(
                    folder.resolve("second service"), kafka, redis, "--config", configuration.toString())) {
                second.awaitAnswer();
                long together = millisToCount(producer, data, counted + 2 * EVENTS);
                System.out.println("TwoServicesCheck: " + EVENTS + " events counted in " + alone
                        + " ms by one service, in " + together + " ms by two that quarrel");
                await().atMost(SOON)
                        .until(() -> status(data).path("otherWriter").hasNonNull("writer"));
                ProcessHandle zombie = second.child("StormMain");
                for (int i = 3; i <= 5; i++) {
                    signal("-STOP", zombie);
                    millisToCount(producer, data, counted + i * EVENTS);
                    signal("-CONT", zombie);
                    Thread.sleep(random.nextInt(300)); // into any moment of its batches
                }
                CommandLineRun verify = CommandLineRun.of("verify", "--data", data.toString());
                assertThat(verify.out()).as(verify.err()).contains("Every number agrees.");
            }
        }
    }

    /** Sends events until there are so many records, and waits until all are counted. */
    private static long millisToCount(KafkaProducer<byte[], byte[]> producer, Path data, int records) {
        for (int i = 0; i < EVENTS; i++) {
            byte[] event = ("{\"kind\":\"kind " + i % 7 + "\"}").getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>("tries", i % 4, null, event));
        }
        producer.flush();
        long sent = System.nanoTime();
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> status(data).path("accounts").path("records").asInt(), is -> is == records);
        return (System.nanoTime() - sent) / 1_000_000;
    }

    private static JsonNode status(Path data) throws IOException, InterruptedException {
        return new ObjectMapper()
                .readTree(CommandLineRun.of("status", "--json", "--data", data.toString())
                        .out());
    }

    private static void signal(String signal, ProcessHandle process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
    }
}
