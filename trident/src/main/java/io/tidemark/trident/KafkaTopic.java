package io.tidemark.trident;

import io.tidemark.plan.LogUnavailableException;
import io.tidemark.stream.RefusedException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.record.TimestampType;

/** A topic of a Kafka cluster. Opens its client when it is first asked. */
final class KafkaTopic implements Topic {
    private final String topic;
    private final Map<String, Object> properties;
    private final Duration timeout;
    private Admin admin;
    private Config config;

    KafkaTopic(String topic, Map<String, Object> properties, Duration timeout) {
        this.topic = topic;
        this.properties = Map.copyOf(properties);
        this.timeout = timeout;
    }

    @Override
    public String id() {
        return describe().topicId().toString();
    }

    @Override
    public List<TopicPartition> partitions() {
        return describe().partitions().stream()
                .map(TopicPartitionInfo::partition)
                .map(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    @Override
    public boolean compacted() {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        config = answer(admin().describeConfigs(List.of(resource)).all()).get(resource);
        return config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value().contains(TopicConfig.CLEANUP_POLICY_COMPACT);
    }

    @Override
    public SortedMap<Integer, Long> written() {
        Map<TopicPartition, OffsetSpec> latest = partitions().stream()
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        ListOffsetsOptions all = new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED);
        SortedMap<Integer, Long> written = new TreeMap<>();
        answer(admin().listOffsets(latest, all).all())
                .forEach((partition, last) -> written.put(partition.partition(), last.offset()));
        return written;
    }

    @Override
    public boolean brokerTimes() {
        return config != null
                && TimestampType.LOG_APPEND_TIME
                        .toString()
                        .equals(config.get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG)
                                .value());
    }

    private TopicDescription describe() {
        return answer(admin().describeTopics(List.of(topic)).allTopicNames()).get(topic);
    }

    private <T> T answer(KafkaFuture<T> future) {
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new RefusedException(
                        "topic-missing",
                        "there is no topic " + topic + " at " + properties.get("bootstrap.servers")
                                + ". Create it, or send it a first record with: tidemark feed");
            }
            throw new LogUnavailableException(
                    "topic " + topic + ": " + e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new LogUnavailableException(
                    "topic " + topic + ": no answer from " + properties.get("bootstrap.servers") + " within "
                            + timeout.toMillis() + " ms",
                    e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private Admin admin() {
        if (admin == null) {
            try {
                admin = Admin.create(properties);
            } catch (KafkaException e) {
                throw KafkaLog.unavailable("topic " + topic, e);
            }
        }
        return admin;
    }

    @Override
    public void close() {
        if (admin != null) {
            admin.close(Duration.ofSeconds(1));
        }
    }
}
