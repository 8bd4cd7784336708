package io.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.testing.RedisServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A service that starts Storm alone, and rejected records that it counts; the broker is another service's. */
final class OtherServersCheck {
    private static final String PASSWORD = "p@ss:w#rd/%25+é";
    private static final String ENCODED = "p%40ss%3Aw%23rd%2F%2525%2B%C3%A9";
    private static final int RECORDS = 5;
    private static final Duration SOON = Duration.ofSeconds(60);

    private OtherServersCheck() {}

    static void run(Path folder, String kafka) throws Exception {
        Path configuration = folder.resolve("tries.yaml");
        Files.writeString(configuration, """
                stream: tries
                topic: tries
                dimensions:
                  kind: [{field: /kind}]
                """);
        Path data = folder.resolve("with others");
        try (RedisServer redis =
                        RedisServer.start(folder.resolve("other-redis"), "user tide on >" + PASSWORD + " ~* &* +@all");
                ServiceProcess service = ServiceProcess.startWith(
                        data,
                        kafka,
                        "redis://tide:" + ENCODED + "@127.0.0.1:" + redis.port() + "/0",
                        "--config",
                        configuration.toString())) {
            service.awaitAnswer();
            assertThat(service.output())
                    .contains("Topic tries was missing", "Starting Storm", "none: send events")
                    .doesNotContain(PASSWORD, ENCODED);
            assertThat(service.children())
                    .noneMatch(p -> p.info().commandLine().orElse("").matches(".*(KafkaMain|redis-server).*"));
            keepsThePasswordToItself(data, service);
            showsWhatItRejects(data, kafka, service);
            String uri = "redis://tide:" + ENCODED + "@127.0.0.1:" + redis.port() + "/0";
            commandsTakeItsAddress(kafka, uri);
            TwoServicesCheck.run(folder, kafka, uri, configuration, data, RECORDS);
            assertThat(service.stop()).isEqualTo(ExitCodes.OK);
            CommandLineRun reset = CommandLineRun.of("reset", "--yes", "--data", data.toString());
            assertThat(reset.exitCode()).as(reset.err()).isEqualTo(ExitCodes.OK);
            assertThat(data.resolve("redis")).doesNotExist();
        }
        CommandLineRun contradiction =
                CommandLineRun.of("run", "--data", data.toString(), "--kafka", kafka, "--kafka-port", "0");
        assertThat(contradiction.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(contradiction.err()).contains("--kafka-port", "give one of them");
    }

    /** With its password, which does not stand in a list of processes. */
    private static void commandsTakeItsAddress(String kafka, String redis) throws Exception {
        CommandLineRun verify = CommandLineRun.of("verify", "--kafka", kafka, "--redis", redis);
        CommandLineRun rejected = CommandLineRun.of("rejected", "--kafka", kafka, "--redis=" + redis);
        CommandLineRun skip = CommandLineRun.of("skip", "--yes", "--kafka", kafka, "--redis", redis, "tries", "1", "0");
        CommandLineRun wrong =
                CommandLineRun.of("verify", "--kafka", kafka, "--redis", redis.replaceFirst("//tide:", "//nobody:"));

        assertThat(verify.out()).as(verify.err()).contains("Every number agrees.");
        assertThat(rejected.out()).as(rejected.err()).contains("not-utf8\t");
        assertThat(skip.err()).contains("partition 1 is counted up to 5");
        assertThat(wrong.exitCode()).isNotEqualTo(ExitCodes.OK);
        assertThat(wrong.err()).doesNotContain(PASSWORD, ENCODED, "Exception");
        System.out.println("OtherServersCheck: " + wrong.err());
    }

    private static void keepsThePasswordToItself(Path data, ServiceProcess service) throws IOException {
        Path file = Path.of(service.info().redisPasswordFile());
        assertThat(Files.readString(file).strip()).isEqualTo(PASSWORD);
        assertThat(Files.getPosixFilePermissions(file))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        for (String part : List.of("service.json", "storm.json", "logs/storm.log")) {
            assertThat(Files.readString(data.resolve(part))).as(part).doesNotContain(PASSWORD, ENCODED);
        }
        assertThat(ProcessHandle.allProcesses())
                .noneMatch(p -> p.info().commandLine().orElse("").contains(ENCODED));
    }

    private static void showsWhatItRejects(Path data, String kafka, ServiceProcess service) throws Exception {
        CommandLineRun nothing = CommandLineRun.of("rejected", "--data", data.toString());
        assertThat(nothing.err()).contains("has rejected no record");
        assertThat(nothing.exitCode()).isEqualTo(ExitCodes.OK);

        Process follow = ServiceProcess.command("rejected", "--follow", "--data", data.toString())
                .redirectOutput(data.resolve("followed").toFile())
                .start();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (byte[] value : new byte[][] {
                "{\"kind\":\"good\"}".getBytes(StandardCharsets.UTF_8),
                "{\"kind\":\"\u001b[31mred\t".getBytes(StandardCharsets.UTF_8),
                {'{', (byte) 0xff, '}'},
                null,
                ("[" + "é".repeat(300)).getBytes(StandardCharsets.UTF_8)
            }) {
                producer.send(new ProducerRecord<>("tries", 1, null, value)).get();
            }
        }
        try {
            await().atMost(SOON)
                    .until(() -> Files.readAllLines(data.resolve("followed")).size() == 4);
        } finally {
            follow.destroy();
            follow.waitFor();
        }
        CommandLineRun lines = CommandLineRun.of("rejected", "--data", data.toString());
        assertThat(lines.err()).isEmpty();
        assertThat(lines.out().lines()).hasSize(4).allMatch(line -> line.matches("[\\w-]+\\t\\S+Z\\t1\\t[1-4]\\t.*"));
        assertThat(lines.out())
                .contains("{\"kind\":\"\\u001b[31mred\\u0009", "not-utf8\t", "{\\xff}", "(null value)", "(601 bytes)")
                .doesNotContain("\u001b", "\ufffd");
        CommandLineRun one = CommandLineRun.of(
                "rejected", "--reason", "not-utf8", "--json", "--stream", "tries", "--data", data.toString());
        JsonNode record = new ObjectMapper().readTree(one.out());
        assertThat(record.path("offset").asLong()).isEqualTo(2);
        assertThat(record.path("base64").binaryValue()).containsExactly('{', 0xff, '}');
        CommandLineRun none = CommandLineRun.of("rejected", "--partition", "3", "--data", data.toString());
        assertThat(none.out()).isEmpty();
        assertThat(none.err()).contains("No position is kept", "1 null-value");
        CommandLineRun verify = CommandLineRun.of("verify", "--data", data.toString());
        assertThat(verify.out()).as(verify.err()).contains("5 records counted again", "Every number agrees.");
    }
}
