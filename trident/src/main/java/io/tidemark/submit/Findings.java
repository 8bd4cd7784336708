package io.tidemark.submit;

import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.RedisStore;
import io.tidemark.commit.Store;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.plan.Marks;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfig;
import io.tidemark.trident.TopologySettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

/** Looks at Kafka and Redis as a topology would find them. Changes nothing there. */
final class Findings implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String FOREVER = "-1";

    private final TopologySettings settings;
    private final RedisConnection redis;
    private Admin admin;

    /**
     * @param wrong whether the stream would not be counted, or not exactly
     * @param text one line
     */
    record Finding(boolean wrong, String text) {}

    Findings(TopologySettings settings) {
        this.settings = settings;
        this.redis = new RedisConnection(settings.redis());
    }

    List<Finding> of(StreamConfig stream) {
        List<Finding> found = new ArrayList<>();
        String topicId = lookAtKafka(stream, found);
        lookAtRedis(stream, topicId, found);
        return found;
    }

    /** @return the topic's id, or null */
    private String lookAtKafka(StreamConfig stream, List<Finding> found) {
        try {
            if (admin == null) {
                admin = Admin.create(new TreeMap<String, Object>(settings.kafka()));
            }
            TopicDescription topic = answer(
                            admin.describeTopics(List.of(stream.topic())).allTopicNames())
                    .get(stream.topic());
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, stream.topic());
            org.apache.kafka.clients.admin.Config config =
                    answer(admin.describeConfigs(List.of(resource)).all()).get(resource);
            found.add(new Finding(
                    false,
                    "topic " + stream.topic() + ": " + topic.partitions().size() + " partitions, id "
                            + topic.topicId()));
            String ms = config.get(TopicConfig.RETENTION_MS_CONFIG).value();
            String bytes = config.get(TopicConfig.RETENTION_BYTES_CONFIG).value();
            found.add(new Finding(
                    false,
                    "kept for "
                            + (ms.equals(FOREVER)
                                    ? "ever"
                                    : Duration.ofMillis(Long.parseLong(ms)).toHours() + " h")
                            + (bytes.equals(FOREVER) ? "" : ", at most " + bytes + " bytes a partition")
                            + ": longer than any outage has to be"));
            found.add(new Finding(
                    false,
                    "timestamps: "
                            + config.get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG)
                                    .value()));
            boolean compacted =
                    config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value().contains(TopicConfig.CLEANUP_POLICY_COMPACT);
            if (compacted) {
                found.add(new Finding(
                        !stream.compactionMeant(),
                        "cleanup.policy has compact: Kafka deletes records before they are counted"));
            }
            String unclean = config.get(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG)
                    .value();
            if (Boolean.parseBoolean(unclean)) {
                found.add(new Finding(
                        true, "unclean.leader.election.enable is true: Kafka may lose records that were counted"));
            }
            return topic.topicId().toString();
        } catch (ExecutionException e) {
            found.add(new Finding(
                    true, "topic " + stream.topic() + ": " + e.getCause().getMessage()));
        } catch (TimeoutException e) {
            found.add(new Finding(
                    true,
                    "Kafka at " + settings.kafka().get("bootstrap.servers") + " did not answer within "
                            + TIMEOUT.toSeconds() + " s"));
        } catch (KafkaException e) {
            found.add(new Finding(true, "Kafka: " + (e.getCause() == null ? e : e.getCause()).getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            found.add(new Finding(true, "interrupted"));
        }
        return null;
    }

    private void lookAtRedis(StreamConfig stream, String topicId, List<Finding> found) {
        try (Store store = RedisStore.open(settings.redis(), stream, "dry-run")) {
            Optional<Marks> whole = store.marks();
            Optional<Marks> marks = whole.or(store::remains);
            servers().forEach(server -> found.add(new Finding(false, server)));
            if (marks.isEmpty()) {
                found.add(new Finding(
                        false,
                        "nothing is counted yet: it will start at the "
                                + stream.startAt().name().toLowerCase(java.util.Locale.ROOT) + " record"));
                return;
            }
            found.add(new Finding(false, "mark: " + byPartition(marks.get().next())));
            int before = found.size();
            if (!marks.get().fingerprint().equals(stream.fingerprint())) {
                found.add(new Finding(
                        true, "the counts there were made with another configuration: it would be refused"));
            }
            if (topicId != null && !marks.get().topicId().equals(topicId)) {
                found.add(new Finding(
                        true,
                        "the counts there are of a topic with the id "
                                + marks.get().topicId() + ": it was deleted and created anew; it would be refused"));
            }
            if (!marks.get().frozen().isEmpty()) {
                found.add(
                        new Finding(true, "the stream is frozen: " + marks.get().frozen()));
            }
            if (whole.isEmpty() && found.size() == before) {
                found.add(new Finding(false, "some shards are gone: they will be counted again from their start"));
            }
        } catch (StoreUnavailableException | RefusedException e) {
            found.add(new Finding(true, "Redis: " + e.getMessage()));
        }
    }

    /** One line of each server: a cluster has several. */
    private List<String> servers() {
        try {
            List<String> lines = new ArrayList<>();
            redis.info("default")
                    .forEach((server, info) -> lines.add(
                            (redis.isCluster() ? "node " + server + " of a Redis Cluster, " : "") + server(info)));
            return lines;
        } catch (RefusedException e) {
            return List.of("Redis: its user may not ask INFO, so its settings are not known");
        }
    }

    private static String server(String info) {
        return "Redis " + value(info, "redis_version") + ", "
                + (value(info, "aof_enabled").equals("1")
                        ? "append-only file on"
                        : "no append-only file: a crash of Redis loses what it has not saved, which is counted again")
                + ", maxmemory-policy " + value(info, "maxmemory_policy");
    }

    private static String value(String info, String name) {
        return info.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("unknown");
    }

    private static String byPartition(Map<Integer, Long> offsets) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(offsets)
                .forEach((partition, offset) -> text.append(text.isEmpty() ? "" : " ")
                        .append(partition)
                        .append(':')
                        .append(offset));
        return text.toString();
    }

    private static <T> T answer(KafkaFuture<T> future)
            throws ExecutionException, TimeoutException, InterruptedException {
        return future.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        if (admin != null) {
            admin.close(Duration.ofSeconds(1));
        }
        redis.close();
    }
}
