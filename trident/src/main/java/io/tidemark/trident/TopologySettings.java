package io.tidemark.trident;

import io.tidemark.commit.RedisAddress;
import io.tidemark.stream.Deployment;
import io.tidemark.stream.Deployment.Setting;
import java.io.Serializable;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a topology needs to know beside its streams: where things are, and how much it does at once. None of it decides
 * what is counted. Immutable.
 *
 * @param kafka properties of the Kafka clients, {@code bootstrap.servers} at least; secrets belong into files that
 *     these name, since the topology is stored in ZooKeeper
 * @param redis where the counts are
 * @param pending batches in flight of each stream, 1 to 16
 * @param emitInterval least time between two batches
 * @param messageTimeout after which a batch that got stuck is tried again, at least 5 s
 * @param batchRecords most offsets of one batch when catching up
 * @param chunkRecords most records of one tuple
 * @param emitters tasks that read Kafka, of each stream
 * @param parsers tasks that parse and count, of each stream
 * @param consumerGroup Kafka's consumer group in which lag monitors find how far a stream is counted, {@code {stream}}
 *     being its name; {@value #NO_GROUP} for none
 */
public record TopologySettings(
        Map<String, String> kafka,
        RedisAddress redis,
        int pending,
        Duration emitInterval,
        Duration messageTimeout,
        int batchRecords,
        int chunkRecords,
        int emitters,
        int parsers,
        String consumerGroup)
        implements Serializable {
    /** The consumer group unless told otherwise: one of its own for each stream. */
    public static final String CONSUMER_GROUP = "tidemark-{stream}";

    /** No consumer group. */
    public static final String NO_GROUP = "none";

    /** Most records of one tuple unless told otherwise. */
    public static final int CHUNK_RECORDS = 2_000;

    private static final long serialVersionUID = 1L;

    public TopologySettings {
        kafka = new TreeMap<>(kafka);
        Objects.requireNonNull(redis, "redis");
        if (!kafka.containsKey("bootstrap.servers")) {
            throw new IllegalArgumentException("kafka properties without bootstrap.servers: " + kafka.keySet());
        }
        within(Setting.PENDING, pending);
        within(Setting.EMIT_INTERVAL, emitInterval.toMillis());
        within(Setting.MESSAGE_TIMEOUT, messageTimeout.toSeconds());
        within(Setting.BATCH_RECORDS, batchRecords);
        between("chunkRecords", chunkRecords, 1, 1_000_000);
        within(Setting.EMITTERS, emitters);
        within(Setting.PARSERS, parsers);
        if (consumerGroup.isBlank()) {
            throw new IllegalArgumentException("consumerGroup is empty: expected a name, or " + NO_GROUP);
        }
    }

    /** The defaults, with one task that parses: one worker of two cores has no use for a second. */
    public static TopologySettings of(String bootstrapServers, RedisAddress redis) {
        return new TopologySettings(
                Map.of("bootstrap.servers", bootstrapServers),
                redis,
                Setting.PENDING.otherwise(),
                Duration.ofMillis(Setting.EMIT_INTERVAL.otherwise()),
                Duration.ofSeconds(Setting.MESSAGE_TIMEOUT.otherwise()),
                Setting.BATCH_RECORDS.otherwise(),
                CHUNK_RECORDS,
                Setting.EMITTERS.otherwise(),
                1,
                CONSUMER_GROUP);
    }

    /** With what a deployment asks for, where it asks; how many workers is said to Storm. */
    public TopologySettings with(Deployment deployment) {
        return new TopologySettings(
                kafka,
                redis,
                deployment.ask(Setting.PENDING).orElse(pending),
                Duration.ofMillis(deployment.ask(Setting.EMIT_INTERVAL).orElse((int) emitInterval.toMillis())),
                Duration.ofSeconds(deployment.ask(Setting.MESSAGE_TIMEOUT).orElse((int) messageTimeout.toSeconds())),
                deployment.ask(Setting.BATCH_RECORDS).orElse(batchRecords),
                chunkRecords,
                deployment.ask(Setting.EMITTERS).orElse(emitters),
                deployment.ask(Setting.PARSERS).orElse(parsers),
                consumerGroup);
    }

    /** With other tasks for reading and for parsing. */
    public TopologySettings withParallelism(int newEmitters, int newParsers) {
        return new TopologySettings(
                kafka,
                redis,
                pending,
                emitInterval,
                messageTimeout,
                batchRecords,
                chunkRecords,
                newEmitters,
                newParsers,
                consumerGroup);
    }

    /** With other sizes of batches and chunks, and another number of batches in flight. */
    public TopologySettings withBatches(int newPending, int newBatchRecords, int newChunkRecords) {
        return new TopologySettings(
                kafka,
                redis,
                newPending,
                emitInterval,
                messageTimeout,
                newBatchRecords,
                newChunkRecords,
                emitters,
                parsers,
                consumerGroup);
    }

    /** With other properties of the Kafka clients. */
    public TopologySettings withKafka(Map<String, String> newKafka) {
        return new TopologySettings(
                newKafka,
                redis,
                pending,
                emitInterval,
                messageTimeout,
                batchRecords,
                chunkRecords,
                emitters,
                parsers,
                consumerGroup);
    }

    /** With another pace and another patience. */
    public TopologySettings withTimes(Duration newEmitInterval, Duration newMessageTimeout) {
        return new TopologySettings(
                kafka,
                redis,
                pending,
                newEmitInterval,
                newMessageTimeout,
                batchRecords,
                chunkRecords,
                emitters,
                parsers,
                consumerGroup);
    }

    /** With another consumer group. @param group a name, with {@code {stream}} where several are counted; or {@value #NO_GROUP} */
    public TopologySettings withConsumerGroup(String group) {
        return new TopologySettings(
                kafka,
                redis,
                pending,
                emitInterval,
                messageTimeout,
                batchRecords,
                chunkRecords,
                emitters,
                parsers,
                group);
    }

    /** The consumer group of a stream; empty when there is none. */
    Optional<String> groupOf(String stream) {
        return consumerGroup.equals(NO_GROUP)
                ? Optional.empty()
                : Optional.of(consumerGroup.replace("{stream}", stream));
    }

    private static void within(Setting setting, long value) {
        String unit = setting.unit().isEmpty() ? "" : " in " + setting.unit();
        between(setting.key() + unit, value, setting.least(), setting.most());
    }

    private static void between(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " is " + value + ", must be from " + least + " to " + most);
        }
    }
}
