package io.tidemark.trident;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Time;

/**
 * A real broker in this JVM, with its data in a folder, on free ports of the loopback. The first of a cluster is its
 * controller too.
 */
final class KafkaBroker implements AutoCloseable {
    private static final int FIRST = 1;

    private final Path folder;
    private final String cluster;
    private final int id;
    private final int port;
    private final int controllerPort;
    private final Map<String, String> more;
    private KafkaRaftServer server;
    private Admin admin;

    private KafkaBroker(Path folder, String cluster, int id, int controllerPort, Map<String, String> more) {
        this.folder = folder;
        this.cluster = cluster;
        this.id = id;
        this.port = freePort();
        this.controllerPort = controllerPort;
        this.more = more;
    }

    static KafkaBroker start(Path folder) {
        return start(folder, Map.of());
    }

    /** @param more lines of its configuration, and of all others of its cluster */
    static KafkaBroker start(Path folder, Map<String, String> more) {
        return start(new KafkaBroker(folder, Uuid.randomUuid().toString(), FIRST, freePort(), more));
    }

    /**
     * Starts another broker of the same cluster. When it is stopped it tells nobody: its partitions are led on by others
     * only when it has been missed, as after a crash.
     *
     * @param number from 2 on
     */
    KafkaBroker startSibling(Path siblingFolder, int number) {
        return start(new KafkaBroker(siblingFolder, cluster, number, controllerPort, more));
    }

    private static KafkaBroker start(KafkaBroker broker) {
        broker.format();
        broker.start();
        return broker;
    }

    /** Its number in the cluster. */
    int id() {
        return id;
    }

    String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Starts it, again on the same data after {@link #stop}. */
    void start() {
        Properties serverProperties = new Properties();
        serverProperties.putAll(properties());
        server = new KafkaRaftServer(KafkaConfig.fromProps(serverProperties), Time.SYSTEM);
        server.startup();
        admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
        answer(admin.describeCluster().nodes());
    }

    void stop() {
        admin.close();
        server.shutdown();
        server.awaitShutdown();
    }

    /**
     * Loses the last records of a partition, each sent in a batch of its own, as a power failure may: only while it is
     * stopped.
     *
     * @param end the first offset that is lost
     */
    void loseRecordsFrom(String topic, int partition, long end) {
        Path log = folder.resolve("log");
        try (Stream<Path> files = Files.list(log.resolve(topic + "-" + partition))) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".log")) {
                    cut(file, end);
                } else if (name.endsWith("index") || name.endsWith(".snapshot")) {
                    Files.delete(file);
                }
            }
            Files.deleteIfExists(log.resolve(".kafka_cleanshutdown"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A batch begins with its first offset, 8 bytes, and the length of what follows, 4 bytes. */
    private static void cut(Path segment, long end) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(segment));
        int at = 0;
        while (at < bytes.limit() && bytes.getLong(at) < end) {
            at += Long.BYTES + Integer.BYTES + bytes.getInt(at + Long.BYTES);
        }
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.setLength(at);
        }
    }

    Admin admin() {
        return admin;
    }

    /** Makes a topic whose records stay. @return its id */
    String createTopic(String topic, int partitions) {
        return createTopic(topic, partitions, Map.of());
    }

    String createTopic(String topic, int partitions, Map<String, String> configs) {
        Map<String, String> all = new HashMap<>(Map.of("retention.ms", "-1"));
        all.putAll(configs);
        var made = admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(all)));
        Uuid id = answer(made.topicId(topic));
        return id.toString();
    }

    /** Makes a topic whose partitions lie where it is told. @param replicas by partition; the first one leads */
    String createTopic(String topic, Map<Integer, List<Integer>> replicas, Map<String, String> configs) {
        Map<String, String> all = new HashMap<>(Map.of("retention.ms", "-1"));
        all.putAll(configs);
        var made = admin.createTopics(List.of(new NewTopic(topic, replicas).configs(all)));
        return answer(made.topicId(topic)).toString();
    }

    void configure(String topic, String name, String value) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        AlterConfigOp set = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
        answer(admin.incrementalAlterConfigs(Map.of(resource, List.of(set))).all());
    }

    /** @param bytes that each consumer may read in a second; null for as many as it likes */
    void limitConsumers(Integer bytes) {
        Map<String, String> each = new HashMap<>();
        each.put(ClientQuotaEntity.CLIENT_ID, null);
        Double rate = bytes == null ? null : Double.valueOf(bytes);
        answer(admin.alterClientQuotas(List.of(new ClientQuotaAlteration(
                        new ClientQuotaEntity(each),
                        List.of(new ClientQuotaAlteration.Op("consumer_byte_rate", rate)))))
                .all());
    }

    void deleteTopic(String topic) {
        answer(admin.deleteTopics(List.of(topic)).all());
    }

    void addPartitions(String topic, int inAll) {
        answer(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(inAll)))
                .all());
    }

    /** Deletes the records below an offset. */
    void deleteRecords(String topic, int partition, long below) {
        answer(admin.deleteRecords(Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(below)))
                .all());
    }

    KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(more);
        properties.put("bootstrap.servers", bootstrapServers());
        properties.put("linger.ms", 2);
        // Several in flight to a partition that was made this moment: the first is turned away, the second is taken,
        // and the first can never follow.
        properties.put("max.in.flight.requests.per.connection", 1);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    static <T> T answer(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        stop();
    }

    private void format() {
        try {
            Files.createDirectories(folder);
            Path file = folder.resolve("server.properties");
            StringBuilder lines = new StringBuilder();
            properties()
                    .forEach((key, value) ->
                            lines.append(key).append('=').append(value).append('\n'));
            Files.writeString(file, lines);
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            int exit = StorageTool.execute(
                    new String[] {"format", "-t", cluster, "-c", file.toString(), "--ignore-formatted"},
                    new PrintStream(said, true, StandardCharsets.UTF_8));
            if (exit != 0) {
                throw new IllegalStateException("formatting failed: " + said.toString(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> properties() {
        Map<String, String> properties = new HashMap<>();
        String listener = "PLAINTEXT://127.0.0.1:" + port;
        String controller = "127.0.0.1:" + controllerPort;
        if (id == FIRST) {
            properties.put("process.roles", "broker,controller");
            properties.put("listeners", listener + ",CONTROLLER://" + controller);
        } else {
            properties.put("process.roles", "broker");
            properties.put("listeners", listener);
            properties.put("controlled.shutdown.enable", "false");
        }
        properties.put("node.id", Integer.toString(id));
        properties.put("controller.quorum.voters", FIRST + "@" + controller);
        properties.put("advertised.listeners", listener);
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("inter.broker.listener.name", "PLAINTEXT");
        properties.put("log.dirs", folder.resolve("log").toString());
        properties.put("offsets.topic.replication.factor", "1");
        properties.put("offsets.topic.num.partitions", "1");
        properties.put("group.initial.rebalance.delay.ms", "0");
        properties.put("transaction.state.log.replication.factor", "1");
        properties.put("transaction.state.log.min.isr", "1");
        properties.put("transaction.state.log.num.partitions", "1");
        properties.put("auto.create.topics.enable", "false");
        properties.put("log.retention.ms", "-1");
        properties.put("log.segment.delete.delay.ms", "100");
        properties.put("log.cleaner.backoff.ms", "200");
        properties.put("log.cleaner.dedupe.buffer.size", "4194304");
        properties.putAll(more);
        return properties;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
