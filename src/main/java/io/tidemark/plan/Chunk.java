package io.tidemark.plan;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Objects;

/**
 * Records of one partition, read for a plan, in the order of their offsets. It covers its whole range: offsets without
 * a record here have none (transaction markers, aborted or compacted records). A planned range without any record is
 * one empty chunk. Not to be changed once it is built; the arrays are shared, not copied.
 */
public final class Chunk {
    private final Plan plan;
    private final Range covers;
    private final Epochs epochs;
    private final int size;
    private final long[] offsets;
    private final long[] timestamps;
    private final byte[][] values;

    /**
     * @param plan the plan it was read for
     * @param covers the part of the plan's range that it covers
     * @param epochs of leaders, which say what log it was read from
     * @param size number of records: the first so many elements of the arrays
     * @param offsets rising, each inside {@code covers}
     * @param timestamps of the records, in Unix milliseconds
     * @param values of the records; an element is null for a record without value
     * @throws IllegalArgumentException when an offset lies outside the range or not after the one before it
     */
    public Chunk(Plan plan, Range covers, Epochs epochs, int size, long[] offsets, long[] timestamps, byte[][] values) {
        this.plan = Objects.requireNonNull(plan, "plan");
        this.covers = Objects.requireNonNull(covers, "covers");
        this.epochs = Objects.requireNonNull(epochs, "epochs");
        this.size = size;
        this.offsets = offsets;
        this.timestamps = timestamps;
        this.values = values;
        long before = covers.first() - 1;
        for (int i = 0; i < size; i++) {
            if (offsets[i] <= before || offsets[i] >= covers.end()) {
                throw new IllegalArgumentException("record at offset " + offsets[i] + " after " + before
                        + " in a chunk of " + covers + " of topic id " + plan.topicId());
            }
            before = offsets[i];
        }
    }

    /** Writes it for another worker. */
    public void writeTo(DataOutput out) throws IOException {
        plan.writeTo(out);
        covers.writeTo(out);
        out.writeInt(epochs.before());
        out.writeInt(epochs.end());
        out.writeInt(size);
        for (int i = 0; i < size; i++) {
            out.writeLong(offsets[i]);
            out.writeLong(timestamps[i]);
            out.writeInt(values[i] == null ? -1 : values[i].length);
            if (values[i] != null) {
                out.write(values[i]);
            }
        }
    }

    /** Reads what {@link #writeTo} wrote. */
    public static Chunk readFrom(DataInput in) throws IOException {
        Plan plan = Plan.readFrom(in);
        Range covers = Range.readFrom(in);
        Epochs epochs = new Epochs(in.readInt(), in.readInt());
        int size = in.readInt();
        long[] offsets = new long[size];
        long[] timestamps = new long[size];
        byte[][] values = new byte[size][];
        for (int i = 0; i < size; i++) {
            offsets[i] = in.readLong();
            timestamps[i] = in.readLong();
            int length = in.readInt();
            if (length >= 0) {
                values[i] = new byte[length];
                in.readFully(values[i]);
            }
        }
        return new Chunk(plan, covers, epochs, size, offsets, timestamps, values);
    }

    public Plan plan() {
        return plan;
    }

    public Range covers() {
        return covers;
    }

    public Epochs epochs() {
        return epochs;
    }

    public int size() {
        return size;
    }

    public long offset(int record) {
        return offsets[record];
    }

    /** Unix milliseconds. */
    public long timestamp(int record) {
        return timestamps[record];
    }

    /** The record's value, or null; not to be changed. */
    public byte[] value(int record) {
        return values[record];
    }
}
