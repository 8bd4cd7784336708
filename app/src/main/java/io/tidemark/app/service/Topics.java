package io.tidemark.app.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topics of a broker: makes those that are missing, and splits what may be kept among them. Thread-safe. */
public final class Topics implements AutoCloseable {
    /** Partitions of a topic that is made here. */
    public static final int PARTITIONS = 4;

    private final Admin admin;

    /** @param timeout of each call */
    public Topics(String bootstrapServers, Duration timeout) {
        admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) timeout.toMillis(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) timeout.toMillis(),
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                500));
    }

    /**
     * Makes a topic with {@value #PARTITIONS} partitions unless it is there.
     *
     * @return whether it was made
     * @throws KafkaException when the broker cannot be reached or does not want to
     */
    public boolean makeIfMissing(String topic) {
        try {
            await(admin.createTopics(List.of(new NewTopic(topic, Optional.of(PARTITIONS), Optional.empty())))
                    .all());
            return true;
        } catch (TopicExistsException e) {
            return false;
        }
    }

    /** The most bytes of a batch that a topic takes. */
    public int largestMessage(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return Integer.parseInt(await(admin.describeConfigs(List.of(resource)).all())
                .get(resource)
                .get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG)
                .value());
    }

    /** The names of all topics that are not the broker's own. */
    public Set<String> names() {
        return await(admin.listTopics().names());
    }

    /** Splits a number of bytes evenly among the partitions of all topics. */
    void splitBudget(long totalBytes) {
        Collection<TopicDescription> topics =
                await(admin.describeTopics(names()).allTopicNames()).values();
        int partitions =
                topics.stream().mapToInt(topic -> topic.partitions().size()).sum();
        if (partitions == 0) {
            return;
        }
        RetentionBudget budget = new RetentionBudget(totalBytes, partitions);
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        for (TopicDescription topic : topics) {
            List<AlterConfigOp> settings = new ArrayList<>();
            settings.add(set(TopicConfig.RETENTION_BYTES_CONFIG, budget.bytesPerPartition()));
            settings.add(set(TopicConfig.SEGMENT_BYTES_CONFIG, budget.segmentBytes()));
            changes.put(new ConfigResource(ConfigResource.Type.TOPIC, topic.name()), settings);
        }
        await(admin.incrementalAlterConfigs(changes).all());
    }

    private static AlterConfigOp set(String name, long value) {
        return new AlterConfigOp(new ConfigEntry(name, Long.toString(value)), AlterConfigOp.OpType.SET);
    }

    private static <T> T await(org.apache.kafka.common.KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new org.apache.kafka.common.errors.InterruptException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
