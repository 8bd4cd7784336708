package io.tidemark.verify;

import io.tidemark.oracle.LabelledEvents;
import io.tidemark.plan.Chunk;
import io.tidemark.plan.Epochs;
import io.tidemark.plan.EventLog;
import io.tidemark.plan.LogUnavailableException;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.stream.RefusedException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A topic in memory, of labelled events; each instance of it that is opened is {@code this}. */
final class ListLog implements EventLog {
    static final String TOPIC_ID = "topic-id-1";
    private static final Duration SPAN = Duration.ofHours(3);

    private final List<List<byte[]>> values = new ArrayList<>();
    private final List<List<Long>> timestamps = new ArrayList<>();
    private final SortedMap<Integer, Long> first = new TreeMap<>();
    private final ConcurrentHashMap<Integer, Long> deletedOnReading = new ConcurrentHashMap<>();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile String topicId = TOPIC_ID;

    /** @param now until when the events are; their records' timestamps rise up to it */
    ListLog(int partitions, int records, long seed, Instant now) {
        LabelledEvents events = new LabelledEvents(seed, now, SPAN, records, 0.03);
        for (int p = 0; p < partitions; p++) {
            values.add(new ArrayList<>());
            timestamps.add(new ArrayList<>());
            first.put(p, 0L);
        }
        long from = now.minus(SPAN).toEpochMilli();
        for (int i = 0; i < records; i++) {
            values.get(i % partitions).add(events.next().bytes());
            timestamps.get(i % partitions).add(from + SPAN.toMillis() * i / records);
        }
    }

    /** The next reads fail, so many of them. */
    void failReads(int times) {
        failures.set(times);
    }

    void deleteBelow(int partition, long offset) {
        first.put(partition, offset);
    }

    /** Deletes records at the moment when some below that offset are read. */
    void deleteBelowOnReading(int partition, long offset) {
        deletedOnReading.put(partition, offset);
    }

    void recreate() {
        topicId = "topic-id-2";
    }

    /** Back to how it was made. */
    synchronized void restore() {
        topicId = TOPIC_ID;
        first.replaceAll((p, offset) -> 0L);
        deletedOnReading.clear();
        failures.set(0);
    }

    @Override
    public String topicId() {
        return topicId;
    }

    @Override
    public boolean compacted() {
        return false;
    }

    @Override
    public synchronized SortedMap<Integer, Long> firstOffsets() {
        return new TreeMap<>(first);
    }

    @Override
    public SortedMap<Integer, Long> endOffsets() {
        SortedMap<Integer, Long> ends = new TreeMap<>();
        for (int p = 0; p < values.size(); p++) {
            ends.put(p, (long) values.get(p).size());
        }
        return ends;
    }

    @Override
    public void read(Plan plan, Collection<Range> ranges, int maxRecords, Duration timeout, Consumer<Chunk> chunks) {
        for (Range range : ranges) {
            for (long from = range.first(); from < range.end(); from += maxRecords) {
                chunks.accept(
                        chunk(plan, new Range(range.partition(), from, Math.min(range.end(), from + maxRecords))));
            }
        }
        if (failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            throw new LogUnavailableException("the broker is away", null);
        }
    }

    private synchronized Chunk chunk(Plan plan, Range covers) {
        int p = covers.partition();
        Long deleted = deletedOnReading.get(p);
        if (deleted != null && covers.first() < deleted && covers.first() > 0) {
            first.put(p, deleted);
        }
        if (covers.first() < first.get(p)) {
            throw new RefusedException("records-lost", "partition " + p + " begins at " + first.get(p));
        }
        int size = (int) covers.length();
        long[] offsets = new long[size];
        long[] times = new long[size];
        byte[][] bytes = new byte[size][];
        for (int i = 0; i < size; i++) {
            offsets[i] = covers.first() + i;
            times[i] = timestamps.get(p).get((int) offsets[i]);
            bytes[i] = values.get(p).get((int) offsets[i]);
        }
        return new Chunk(plan, covers, Epochs.UNKNOWN, size, offsets, times, bytes);
    }

    @Override
    public SortedMap<Integer, Long> awaitRecords(SortedMap<Integer, Long> positions, Duration timeout) {
        return positions;
    }

    @Override
    public void close() {
        // it stays in memory
    }
}
