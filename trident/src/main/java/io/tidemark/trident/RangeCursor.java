package io.tidemark.trident;

import io.tidemark.plan.Chunk;
import io.tidemark.plan.Epochs;
import io.tidemark.plan.LogUnavailableException;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Cuts one range, as it is read, into chunks. */
final class RangeCursor {
    private static final int FIRST_CAPACITY = 64;

    private final Plan plan;
    private final Range range;
    private final int maxRecords;
    private final Consumer<Chunk> chunks;
    private long next;
    private long chunkFirst;
    private int epochBefore;
    private int leaderEpoch = Epochs.UNTOLD;
    private int size;
    private long[] offsets;
    private long[] timestamps;
    private byte[][] values;

    /** @param epochBefore leader epoch of what stands before the range; -1 when unknown */
    RangeCursor(Plan plan, Range range, int epochBefore, int maxRecords, Consumer<Chunk> chunks) {
        this.plan = plan;
        this.range = range;
        this.epochBefore = epochBefore;
        this.maxRecords = maxRecords;
        this.chunks = chunks;
        this.next = range.first();
        this.chunkFirst = range.first();
        allocate();
    }

    /** Leader epoch of what stands before what has not gone out yet; -1 when unknown. */
    int epochBefore() {
        return epochBefore;
    }

    Range range() {
        return range;
    }

    /**
     * Takes a record, unless it lies beyond the range.
     *
     * @return whether it was taken
     * @throws LogUnavailableException when it lies before what was read already
     */
    boolean take(ConsumerRecord<byte[], byte[]> consumed) {
        long offset = consumed.offset();
        if (offset >= range.end()) {
            return false;
        }
        if (offset < next) {
            throw new LogUnavailableException(
                    "partition " + range.partition() + ": got offset " + offset + " where " + next + " or more was due",
                    null);
        }
        if (size == offsets.length) {
            grow();
        }
        offsets[size] = offset;
        timestamps[size] = consumed.timestamp();
        values[size] = consumed.value();
        leaderEpoch = consumed.leaderEpoch().orElse(Epochs.UNTOLD);
        size++;
        next = offset + 1;
        if (size == maxRecords) {
            emit(next);
        }
        return true;
    }

    /**
     * The range has been read to its end: what is left goes out, an empty chunk where there was no record at all.
     *
     * @param epoch leader epoch of what stands at the end of the range, or right behind it; -1 when unknown. That of the
     *     last record will not do: where transaction markers of a later leader follow it, reading on with it looks as if
     *     the log had been truncated
     * @return leader epoch at the end, as the last chunk says it
     */
    int finish(int epoch) {
        if (chunkFirst < range.end()) {
            leaderEpoch = Math.max(leaderEpoch, epoch);
            emit(range.end());
        }
        return epochBefore;
    }

    private void emit(long end) {
        chunks.accept(new Chunk(
                plan,
                new Range(range.partition(), chunkFirst, end),
                new Epochs(epochBefore, leaderEpoch),
                size,
                offsets,
                timestamps,
                values));
        chunkFirst = end;
        epochBefore = leaderEpoch;
        leaderEpoch = Epochs.UNTOLD;
        allocate();
    }

    private void allocate() {
        int capacity = Math.min(maxRecords, FIRST_CAPACITY);
        size = 0;
        offsets = new long[capacity];
        timestamps = new long[capacity];
        values = new byte[capacity][];
    }

    private void grow() {
        int capacity = Math.min(maxRecords, 4 * size);
        offsets = Arrays.copyOf(offsets, capacity);
        timestamps = Arrays.copyOf(timestamps, capacity);
        values = Arrays.copyOf(values, capacity);
    }
}
