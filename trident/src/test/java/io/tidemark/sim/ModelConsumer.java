package io.tidemark.sim;

import io.tidemark.sim.ModelPartition.Entry;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * Kafka's consumer as far as the reader uses it, with isolation level read_committed and no reset policy: it buffers
 * what it fetched, polls short or not at all, validates its positions when the leader changes, and reads by the topic's
 * name.
 */
final class ModelConsumer implements InvocationHandler {
    private static final long FETCH_MILLIS = 2;

    private final World world;
    private final RandomGenerator random;
    private final Map<TopicPartition, Position> positions =
            new TreeMap<>(java.util.Comparator.comparing(TopicPartition::partition));

    private static final class Position {
        private long offset = -1;
        private Integer offsetEpoch;
        private int leaderEpoch = -1;
        private String topicId = "";
        private boolean paused;
        private final Deque<Fetched> buffer = new ArrayDeque<>();

        private void to(long newOffset, Integer epoch) {
            offset = newOffset;
            offsetEpoch = epoch;
            leaderEpoch = -1;
            buffer.clear();
        }
    }

    private record Fetched(long offset, Entry entry) {}

    private ModelConsumer(World world) {
        this.world = world;
        this.random = world.random();
    }

    @SuppressWarnings("unchecked")
    static Consumer<byte[], byte[]> on(World world) {
        return (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
                ModelConsumer.class.getClassLoader(), new Class<?>[] {Consumer.class}, new ModelConsumer(world));
    }

    @Override
    @SuppressWarnings("unchecked")
    public Object invoke(Object proxy, Method method, Object[] arguments) {
        switch (method.getName()) {
            case "assignment":
                return Set.copyOf(positions.keySet());
            case "assign":
                assign((Collection<TopicPartition>) arguments[0]);
                return null;
            case "pause":
                ((Collection<TopicPartition>) arguments[0]).forEach(p -> positions.get(p).paused = true);
                return null;
            case "resume":
                ((Collection<TopicPartition>) arguments[0]).forEach(p -> positions.get(p).paused = false);
                return null;
            case "seek":
                seek((TopicPartition) arguments[0], arguments[1]);
                return null;
            case "position":
                return position((TopicPartition) arguments[0]);
            case "poll":
                return poll((Duration) arguments[0]);
            case "beginningOffsets":
                return offsets((Collection<TopicPartition>) arguments[0], ModelPartition::first);
            case "endOffsets":
                return offsets((Collection<TopicPartition>) arguments[0], ModelPartition::stableEnd);
            case "close", "toString":
                return null;
            default:
                throw new UnsupportedOperationException(method.toString());
        }
    }

    private void assign(Collection<TopicPartition> wanted) {
        positions.keySet().retainAll(wanted);
        wanted.forEach(p -> positions.computeIfAbsent(p, k -> new Position()));
    }

    private void seek(TopicPartition partition, Object where) {
        Position position = positions.get(partition);
        if (where instanceof OffsetAndMetadata with) {
            position.to(with.offset(), with.leaderEpoch().orElse(null));
        } else {
            position.to((Long) where, null);
        }
    }

    private long position(TopicPartition partition) {
        Position position = positions.get(partition);
        if (position.offset < 0) {
            throw new NoOffsetForPartitionException(partition);
        }
        return position.offset;
    }

    private Map<TopicPartition, Long> offsets(
            Collection<TopicPartition> partitions, java.util.function.ToLongFunction<ModelPartition> which) {
        world.between();
        if (world.kafkaIsAway()) {
            world.pass(1_000);
            throw new TimeoutException("the model's brokers are away");
        }
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (TopicPartition each : partitions) {
            if (each.partition() >= world.topic().partitions().size()) {
                throw new TimeoutException("the model has no " + each);
            }
            offsets.put(each, which.applyAsLong(world.topic().partition(each.partition())));
        }
        return offsets;
    }

    private ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        world.between();
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> polled = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> nextOffsets = new HashMap<>();
        boolean short_ = world.shortPoll();
        for (Map.Entry<TopicPartition, Position> entry : positions.entrySet()) {
            Position position = entry.getValue();
            hear(entry.getKey(), position);
            if (position.paused || position.offset < 0 || short_ || world.takesFaults() && random.nextInt(4) == 0) {
                continue;
            }
            if (position.buffer.isEmpty() && !world.kafkaIsAway()) {
                fetch(entry.getKey(), position);
            }
            long before = position.offset;
            List<ConsumerRecord<byte[], byte[]>> records = drain(entry.getKey(), position);
            if (position.offset > before) {
                nextOffsets.put(
                        entry.getKey(), new OffsetAndMetadata(position.offset, Optional.of(position.offsetEpoch), ""));
            }
            if (!records.isEmpty()) {
                polled.put(entry.getKey(), records);
            }
        }
        world.pass(polled.isEmpty() || world.crawls() ? timeout.toMillis() : FETCH_MILLIS);
        return new ConsumerRecords<>(polled, nextOffsets);
    }

    /**
     * At some poll the consumer hears of a new leader and compares its position with that one's log. What it has fetched
     * before it may still hand out then, as the client does: from a partition that is paused, or when the leader's
     * answer is quicker than who polls.
     */
    private void hear(TopicPartition partition, Position position) {
        if (position.offset < 0
                || position.leaderEpoch < 0
                || world.kafkaIsAway()
                || partition.partition() >= world.topic().partitions().size()) {
            return;
        }
        ModelPartition log = world.topic().partition(partition.partition());
        if (position.leaderEpoch != log.epoch() && random.nextInt(3) > 0) {
            validate(partition, position, log);
            if (!position.paused && random.nextInt(3) > 0) {
                position.buffer.clear();
            }
        }
    }

    private void fetch(TopicPartition partition, Position position) {
        if (partition.partition() >= world.topic().partitions().size()) {
            return;
        }
        ModelPartition log = world.topic().partition(partition.partition());
        validate(partition, position, log);
        if (position.offset < log.first() || position.offset > log.end()) {
            throw new OffsetOutOfRangeException(Map.of(partition, position.offset));
        }
        long end = log.stableEnd();
        log.readTo(end);
        for (long offset = position.offset; offset < end; offset++) {
            position.buffer.add(new Fetched(offset, log.entry(offset)));
        }
    }

    /** What a consumer does when it hears of another leader: a position whose epoch ended before it was truncated. */
    private void validate(TopicPartition partition, Position position, ModelPartition log) {
        boolean heard = position.leaderEpoch == log.epoch()
                && position.topicId.equals(world.topic().id());
        if (!heard && position.offsetEpoch != null) {
            long end = log.endOfEpoch(position.offsetEpoch);
            if (end < position.offset) {
                throw new LogTruncationException(Map.of(partition, position.offset), Map.of());
            }
        }
        position.leaderEpoch = log.epoch();
        position.topicId = world.topic().id();
    }

    private List<ConsumerRecord<byte[], byte[]>> drain(TopicPartition partition, Position position) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        int most = world.crawls() ? 1 : world.takesFaults() ? 1 + random.nextInt(12) : Integer.MAX_VALUE;
        while (!position.buffer.isEmpty() && most-- > 0) {
            Fetched next = position.buffer.poll();
            position.offset = next.offset() + 1;
            position.offsetEpoch = next.entry().epoch();
            if (next.entry().kind() == ModelPartition.Kind.RECORD) {
                records.add(record(partition, next));
            }
        }
        return records;
    }

    private static ConsumerRecord<byte[], byte[]> record(TopicPartition partition, Fetched fetched) {
        ModelEvent event = fetched.entry().event();
        return new ConsumerRecord<>(
                partition.topic(),
                partition.partition(),
                fetched.offset(),
                event.timestamp(),
                TimestampType.CREATE_TIME,
                0,
                event.value().length,
                null,
                event.value(),
                new RecordHeaders(),
                Optional.of(fetched.entry().epoch()));
    }
}
