package io.tidemark.trident;

import io.tidemark.plan.Chunk;
import io.tidemark.plan.LogUnavailableException;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads exactly the ranges of plans with a Kafka consumer. It seeks unless the consumer stands where a range begins, and
 * polls until the consumer has got to its end. What a poll gave beyond a range's end is kept for the plan that goes on
 * from there. After any exception all of that is forgotten. One thread at a time.
 */
final class RangeReader {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final String topic;
    private final Consumer<byte[], byte[]> consumer;
    private final LongSupplier nanos;

    /** Partitions whose position in the consumer is one that we set. */
    private final Set<TopicPartition> placed = new HashSet<>();

    private final Map<TopicPartition, Surplus> surplus = new HashMap<>();

    /** Leader epochs of what the consumer has read last, transaction markers included. */
    private final Map<TopicPartition, Integer> epochs = new HashMap<>();

    /**
     * Records that were polled but lie beyond the range that was read.
     *
     * @param topicId of the plan that was read
     * @param from end of the range that was read, where the records go on
     * @param position of the consumer behind them
     */
    private record Surplus(String topicId, long from, List<ConsumerRecord<byte[], byte[]>> records, long position) {
        boolean continues(Plan plan, long first, long consumerPosition) {
            return topicId.equals(plan.topicId()) && from == first && position == consumerPosition;
        }
    }

    /** @param nanos rising */
    RangeReader(String topic, Consumer<byte[], byte[]> consumer, LongSupplier nanos) {
        this.topic = topic;
        this.consumer = consumer;
        this.nanos = nanos;
    }

    /** As {@link io.tidemark.plan.EventLog#read}, but with the consumer's own exceptions. */
    void read(
            Plan plan,
            Collection<Range> ranges,
            int maxRecords,
            Duration timeout,
            java.util.function.Consumer<Chunk> chunks) {
        boolean whole = false;
        try {
            Map<TopicPartition, RangeCursor> unread = new HashMap<>();
            for (Range range : ranges) {
                unread.put(
                        new TopicPartition(topic, range.partition()), new RangeCursor(plan, range, maxRecords, chunks));
            }
            place(plan, unread);
            readToEnds(plan, unread, timeout);
            whole = true;
        } finally {
            if (!whole) {
                forget();
            }
        }
    }

    /** The next ranges are sought, wherever the consumer stands. */
    void forget() {
        placed.clear();
        surplus.clear();
        epochs.clear();
    }

    /** Each partition of the ranges, and no other, is to be fetched from its range's first offset. */
    private void place(Plan plan, Map<TopicPartition, RangeCursor> unread) {
        Set<TopicPartition> assigned = new HashSet<>(consumer.assignment());
        if (assigned.addAll(unread.keySet())) {
            consumer.assign(assigned);
        }
        consumer.pause(assigned);
        unread.forEach((partition, cursor) -> {
            long first = cursor.range().first();
            long position = placed.contains(partition) ? consumer.position(partition, ANSWER) : -1;
            Surplus kept = surplus.remove(partition);
            if (kept != null && kept.continues(plan, first, position)) {
                take(plan, cursor, partition, kept.records());
            } else if (position != first) {
                Optional<Integer> epoch = Optional.ofNullable(
                        plan.leaderEpochs().get(cursor.range().partition()));
                placed.remove(partition);
                epochs.remove(partition);
                consumer.seek(partition, new OffsetAndMetadata(first, epoch, ""));
                placed.add(partition);
            }
        });
        consumer.resume(unread.keySet());
    }

    private void readToEnds(Plan plan, Map<TopicPartition, RangeCursor> unread, Duration timeout) {
        long deadline = nanos.getAsLong() + timeout.toNanos();
        finishThoseAtTheirEnds(unread);
        while (!unread.isEmpty()) {
            if (nanos.getAsLong() - deadline >= 0) {
                throw new LogUnavailableException(
                        "topic " + topic + ": could not read to the end of " + missing(unread) + " within "
                                + timeout.toMillis() + " ms",
                        null);
            }
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
            polled.nextOffsets()
                    .forEach((partition, next) ->
                            epochs.put(partition, next.leaderEpoch().orElse(-1)));
            for (TopicPartition partition : polled.partitions()) {
                take(plan, unread.get(partition), partition, polled.records(partition));
            }
            finishThoseAtTheirEnds(unread);
        }
    }

    private void finishThoseAtTheirEnds(Map<TopicPartition, RangeCursor> unread) {
        List<TopicPartition> done = new ArrayList<>();
        unread.forEach((partition, cursor) -> {
            if (consumer.position(partition, ANSWER) >= cursor.range().end()) {
                cursor.finish(epochAtEnd(partition));
                done.add(partition);
            }
        });
        consumer.pause(done);
        unread.keySet().removeAll(done);
    }

    private void take(
            Plan plan, RangeCursor cursor, TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> consumed) {
        if (cursor == null) {
            throw new LogUnavailableException(partition + " was fetched although it was not to be", null);
        }
        for (int i = 0; i < consumed.size(); i++) {
            if (!cursor.take(consumed.get(i))) {
                surplus.put(
                        partition,
                        new Surplus(
                                plan.topicId(),
                                cursor.range().end(),
                                List.copyOf(consumed.subList(i, consumed.size())),
                                consumer.position(partition, ANSWER)));
                return;
            }
        }
    }

    private int epochAtEnd(TopicPartition partition) {
        Surplus behind = surplus.get(partition);
        return behind != null ? behind.records().get(0).leaderEpoch().orElse(-1) : epochs.getOrDefault(partition, -1);
    }

    private static String missing(Map<TopicPartition, RangeCursor> unread) {
        return unread.values().stream()
                .map(cursor -> cursor.range().toString())
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
