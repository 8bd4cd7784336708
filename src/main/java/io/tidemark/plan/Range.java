package io.tidemark.plan;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Offsets {@code [first, end)} of one partition, never empty.
 *
 * @param partition 0 or more
 * @param first the first offset
 * @param end one past the last offset
 */
public record Range(int partition, long first, long end) implements Comparable<Range> {
    public Range {
        if (partition < 0 || first < 0 || end <= first) {
            throw new IllegalArgumentException(
                    "not a range: partition " + partition + ", offsets [" + first + ", " + end + ")");
        }
    }

    /** How many offsets it covers; at most so many records, since a log may have gaps. */
    public long length() {
        return end - first;
    }

    public boolean contains(long offset) {
        return offset >= first && offset < end;
    }

    /** Writes it for another worker. */
    public void writeTo(DataOutput out) throws IOException {
        out.writeInt(partition);
        out.writeLong(first);
        out.writeLong(end);
    }

    /** Reads what {@link #writeTo} wrote. */
    public static Range readFrom(DataInput in) throws IOException {
        return new Range(in.readInt(), in.readLong(), in.readLong());
    }

    @Override
    public int compareTo(Range other) {
        int byPartition = Integer.compare(partition, other.partition);
        if (byPartition != 0) {
            return byPartition;
        }
        int byFirst = Long.compare(first, other.first);
        return byFirst != 0 ? byFirst : Long.compare(end, other.end);
    }

    @Override
    public String toString() {
        return partition + "[" + first + "," + end + ")";
    }
}
