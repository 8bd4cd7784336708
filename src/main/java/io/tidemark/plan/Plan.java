package io.tidemark.plan;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a batch is: at most one range of each partition, decided before anything is read. Immutable. It says whose it
 * is: a tally made from it counts only in the store, and with the topic and the configuration, that it names.
 *
 * @param stream name of the stream
 * @param topicId id of the Kafka topic, which a topic created anew under the same name does not share
 * @param fingerprint of the configuration that decides what is counted
 * @param storeId random name of the set of counts that it adds to
 * @param start where each partition's counting began: lets a stream that finds Redis empty start again from there
 * @param ranges by partition; empty when there is nothing to count
 * @param leaderEpochs by partition, the leader epoch of the record before {@code first}, where it is known
 */
public record Plan(
        String stream,
        String topicId,
        String fingerprint,
        String storeId,
        SortedMap<Integer, Long> start,
        SortedMap<Integer, Range> ranges,
        SortedMap<Integer, Integer> leaderEpochs) {
    /** Ranges of one plan: a commit sets all of their marks in one command. */
    public static final int MOST_RANGES = 900;

    public Plan {
        start = Collections.unmodifiableSortedMap(new TreeMap<>(start));
        ranges = Collections.unmodifiableSortedMap(new TreeMap<>(ranges));
        leaderEpochs = Collections.unmodifiableSortedMap(new TreeMap<>(leaderEpochs));
        for (Map.Entry<Integer, Range> entry : ranges.entrySet()) {
            if (entry.getKey() != entry.getValue().partition()) {
                throw new IllegalArgumentException("range " + entry.getValue() + " under partition " + entry.getKey());
            }
        }
    }

    /** Writes it for another worker. */
    public void writeTo(DataOutput out) throws IOException {
        out.writeUTF(stream);
        out.writeUTF(topicId);
        out.writeUTF(fingerprint);
        out.writeUTF(storeId);
        out.writeInt(start.size());
        for (Map.Entry<Integer, Long> entry : start.entrySet()) {
            out.writeInt(entry.getKey());
            out.writeLong(entry.getValue());
        }
        out.writeInt(ranges.size());
        for (Range range : ranges.values()) {
            range.writeTo(out);
        }
        out.writeInt(leaderEpochs.size());
        for (Map.Entry<Integer, Integer> entry : leaderEpochs.entrySet()) {
            out.writeInt(entry.getKey());
            out.writeInt(entry.getValue());
        }
    }

    /** Reads what {@link #writeTo} wrote. */
    public static Plan readFrom(DataInput in) throws IOException {
        String stream = in.readUTF();
        String topicId = in.readUTF();
        String fingerprint = in.readUTF();
        String storeId = in.readUTF();
        SortedMap<Integer, Long> start = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            start.put(in.readInt(), in.readLong());
        }
        SortedMap<Integer, Range> ranges = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            Range range = Range.readFrom(in);
            ranges.put(range.partition(), range);
        }
        SortedMap<Integer, Integer> leaderEpochs = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            leaderEpochs.put(in.readInt(), in.readInt());
        }
        return new Plan(stream, topicId, fingerprint, storeId, start, ranges, leaderEpochs);
    }

    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** How many offsets it covers in all. */
    public long length() {
        return ranges.values().stream().mapToLong(Range::length).sum();
    }
}
