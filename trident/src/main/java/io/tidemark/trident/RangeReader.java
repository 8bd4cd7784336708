package io.tidemark.trident;

import io.tidemark.plan.Chunk;
import io.tidemark.plan.Epochs;
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

    /** Where the consumer stands, in partitions whose position is one that we set. */
    private final Map<TopicPartition, Place> placed = new HashMap<>();

    /** Where reading for plans has got to. */
    private final Map<TopicPartition, Reached> reached = new HashMap<>();

    private final Map<TopicPartition, Surplus> surplus = new HashMap<>();

    /**
     * A position of the consumer.
     *
     * @param epoch leader epoch of what stands before it, transaction markers included; -1 when unknown
     * @param compared whether the consumer reads on from there only when the log that it reads has that epoch there
     */
    private record Place(long offset, int epoch, boolean compared) {}

    /**
     * The end of the range that was read last.
     *
     * @param epoch leader epoch there, as it was told; -1 when unknown
     */
    private record Reached(long offset, int epoch) {}

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
                TopicPartition partition = new TopicPartition(topic, range.partition());
                unread.put(
                        partition,
                        new RangeCursor(plan, range, epochBefore(plan, partition, range), maxRecords, chunks));
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
        reached.clear();
        surplus.clear();
    }

    /** The mark's, where the plan begins there; else that of what was read for the plan before it. */
    private int epochBefore(Plan plan, TopicPartition partition, Range range) {
        Integer planned = plan.leaderEpochs().get(range.partition());
        if (planned != null) {
            return planned;
        }
        Reached end = reached.get(partition);
        return end != null && end.offset() == range.first() ? end.epoch() : Epochs.UNTOLD;
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
            int epoch = cursor.epochBefore();
            boolean goesOn = new Reached(first, epoch).equals(reached.remove(partition));
            long position = goesOn && placed.containsKey(partition) ? consumer.position(partition, ANSWER) : -1;
            Surplus kept = surplus.remove(partition);
            if (kept != null && kept.continues(plan, first, position)) {
                take(plan, cursor, partition, kept.records());
            } else if (position != first) {
                seek(partition, first, epoch);
            }
        });
        consumer.resume(unread.keySet());
    }

    /** The consumer asks the leader, before it reads on there, whether its log has that epoch before that offset. */
    private void seek(TopicPartition partition, long offset, int epoch) {
        placed.remove(partition);
        Optional<Integer> known = epoch == Epochs.UNTOLD ? Optional.empty() : Optional.of(epoch);
        consumer.seek(partition, new OffsetAndMetadata(offset, known, ""));
        placed.put(partition, new Place(offset, epoch, true));
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
            Set<TopicPartition> readAgain = new HashSet<>();
            polled.nextOffsets().forEach((partition, next) -> {
                if (!moved(partition, next)) {
                    readAgain.add(partition);
                }
            });
            for (TopicPartition partition : polled.partitions()) {
                if (!readAgain.contains(partition)) {
                    take(plan, unread.get(partition), partition, polled.records(partition));
                }
            }
            finishThoseAtTheirEnds(unread);
        }
    }

    /**
     * The consumer has moved on. It compares its position with the log of a new leader when it hears of one, but what it
     * has fetched from the leader before it still hands out after that, and then goes on behind it without comparing
     * again (read in the client: a buffer of a paused partition stays). So where another leader's records follow, they
     * are read once more from where the epoch was known, which makes it ask.
     *
     * @return whether what was polled may be taken
     */
    private boolean moved(TopicPartition partition, OffsetAndMetadata next) {
        int epoch = next.leaderEpoch().orElse(Epochs.UNTOLD);
        Place before = placed.get(partition);
        if (before != null && before.epoch() != Epochs.UNTOLD && before.epoch() != epoch && !before.compared()) {
            seek(partition, before.offset(), before.epoch());
            return false;
        }
        placed.put(partition, new Place(next.offset(), epoch, false));
        return true;
    }

    private void finishThoseAtTheirEnds(Map<TopicPartition, RangeCursor> unread) {
        List<TopicPartition> done = new ArrayList<>();
        unread.forEach((partition, cursor) -> {
            if (consumer.position(partition, ANSWER) >= cursor.range().end()) {
                int epoch = cursor.finish(epochAtEnd(partition));
                reached.put(partition, new Reached(cursor.range().end(), epoch));
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
        return behind != null
                ? behind.records().get(0).leaderEpoch().orElse(Epochs.UNTOLD)
                : placed.get(partition).epoch();
    }

    private static String missing(Map<TopicPartition, RangeCursor> unread) {
        return unread.values().stream()
                .map(cursor -> cursor.range().toString())
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
