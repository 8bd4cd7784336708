package io.tidemark.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** A Kafka broker in a process of its own, whose data stay in their folder from one measurement to the next. */
public final class Broker implements AutoCloseable {
    private static final String CLUSTER = "dGlkZW1hcmstYmVuY2gtMA";

    private final Process process;
    private final int port;

    private Broker(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts it, and waits until it answers. */
    public static Broker start(Path folder) throws IOException, InterruptedException {
        int port = freePort();
        int controller = freePort();
        Path data = folder.resolve("kafka");
        Path file = Files.createDirectories(folder).resolve("server.properties");
        Files.write(
                file,
                List.of(
                        "process.roles=broker,controller",
                        "node.id=1",
                        "controller.quorum.voters=1@127.0.0.1:" + controller,
                        "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller,
                        "advertised.listeners=PLAINTEXT://127.0.0.1:" + port,
                        "controller.listener.names=CONTROLLER",
                        "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                        "log.dirs=" + data,
                        "offsets.topic.replication.factor=1",
                        "transaction.state.log.replication.factor=1",
                        "transaction.state.log.min.isr=1",
                        "transaction.state.log.num.partitions=1",
                        "offsets.topic.num.partitions=1",
                        "log.retention.ms=-1",
                        "log.cleaner.dedupe.buffer.size=4194304",
                        "auto.create.topics.enable=false"));
        if (!Files.exists(data.resolve("meta.properties"))) {
            Process format = Jvm.start(
                    folder.resolve("format.log"),
                    List.of(),
                    "kafka.tools.StorageTool",
                    "format",
                    "-t",
                    CLUSTER,
                    "-c",
                    file.toString());
            if (format.waitFor() != 0) {
                throw new IOException("the broker's folder could not be formatted: " + folder.resolve("format.log"));
            }
        }
        Process process = Jvm.start(folder.resolve("kafka.log"), List.of("-Xmx512m"), "kafka.Kafka", file.toString());
        Broker broker = new Broker(process, port);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.address(), "retries", 1_000))) {
            admin.describeCluster().nodes().get();
        } catch (ExecutionException e) {
            broker.close();
            throw new IOException("the broker did not start: " + folder.resolve("kafka.log"), e);
        }
        return broker;
    }

    /** Where clients find it. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    long processId() {
        return process.pid();
    }

    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
