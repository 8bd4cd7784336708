package io.tidemark.trident;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer group without members whose committed offsets follow the marks, so that Kafka's own tools and everybody's
 * lag monitors show the lag. Opens its client when there is something to say.
 */
final class KafkaGroup implements CommittedOffsets {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaGroup.class);
    private static final int ANSWER_MS = 5_000;

    /** What nobody changes is said again now and then: Kafka forgets offsets after days, and people change them. */
    private static final Duration AGAIN = Duration.ofSeconds(30);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(3);

    private final String topic;
    private final String group;
    private final Map<String, Object> properties;
    private final LongSupplier nanos;
    private Admin admin;
    private KafkaFuture<Void> underWay;
    private SortedMap<Integer, Long> said = new TreeMap<>();
    private long notBefore;
    private String failure = "";

    /**
     * @param properties of the Kafka client
     * @param nanos rising
     */
    KafkaGroup(String topic, String group, Map<String, Object> properties, LongSupplier nanos) {
        this.topic = topic;
        this.group = group;
        this.properties = Map.copyOf(properties);
        this.nanos = nanos;
        this.notBefore = nanos.getAsLong();
    }

    @Override
    public void tell(SortedMap<Integer, Long> next) {
        try {
            if (!isOver()) {
                return;
            }
            boolean isNew = !next.equals(said) && failure.isEmpty();
            if (next.isEmpty() || !isNew && nanos.getAsLong() - notBefore < 0) {
                return;
            }
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            next.forEach((partition, offset) ->
                    offsets.put(new TopicPartition(topic, partition), new OffsetAndMetadata(offset)));
            underWay = admin().alterConsumerGroupOffsets(
                            group, offsets, new AlterConsumerGroupOffsetsOptions().timeoutMs(ANSWER_MS))
                    .all();
            said = new TreeMap<>(next);
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            failed(e);
        }
    }

    /** Whether nothing is under way; learns what became of it. */
    private boolean isOver() {
        if (underWay == null) {
            return true;
        }
        if (!underWay.isDone()) {
            return false;
        }
        try {
            underWay.get();
            notBefore = nanos.getAsLong() + AGAIN.toNanos();
            if (!failure.isEmpty()) {
                LOG.info("consumer group {} has the offsets of topic {} again", group, topic);
                failure = "";
            }
        } catch (ExecutionException e) {
            failed(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
        underWay = null;
        return true;
    }

    /** Each kind of failure is said once. */
    private void failed(Throwable why) {
        notBefore = nanos.getAsLong() + AFTER_FAILURE.toNanos();
        String kind = why.getClass().getSimpleName();
        if (!kind.equals(failure)) {
            failure = kind;
            LOG.warn(
                    "consumer group {} does not get the offsets of topic {}, so lag monitors do not see how far it is"
                            + " counted; the counts do not depend on it, and it is tried again. Allow READ on the"
                            + " group, or switch it off with --consumer-group none. ({}: {})",
                    group,
                    topic,
                    kind,
                    why.getMessage());
        }
    }

    private Admin admin() {
        if (admin == null) {
            admin = Admin.create(properties);
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
