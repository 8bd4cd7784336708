package io.tidemark.app.child;

import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The embedded Kafka broker. One argument: its properties file. Says {@code @ready} when it takes records. */
public final class KafkaMain {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaMain.class);

    private KafkaMain() {}

    public static void main(String[] args) {
        AtomicReference<KafkaRaftServer> running = new AtomicReference<>();
        ParentWatch service = ParentWatch.begin(() -> {
            KafkaRaftServer server = running.get();
            if (server != null) {
                server.shutdown();
                server.awaitShutdown();
            }
        });
        try {
            Path file = Path.of(args[0]);
            Properties properties = read(file);
            format(file, Path.of(properties.getProperty("log.dirs")));
            KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties), Time.SYSTEM);
            running.set(server);
            server.startup();
            service.say("ready");
            server.awaitShutdown();
        } catch (IOException | RuntimeException e) {
            LOG.error("the broker does not start", e);
            Runtime.getRuntime().halt(1);
        }
    }

    private static Properties read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return properties;
    }

    private static void format(Path file, Path logFolder) throws IOException {
        if (Files.exists(logFolder.resolve("meta.properties"))) {
            return;
        }
        Files.createDirectories(logFolder);
        PrintStream out = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        int status = StorageTool.execute(
                new String[] {"format", "-t", Uuid.randomUuid().toString(), "-c", file.toString()}, out);
        if (status != 0) {
            throw new IOException("formatting " + logFolder + " failed with status " + status);
        }
    }
}
