package io.tidemark.verify;

import io.tidemark.plan.Range;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.CountKey;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What Redis holds of a stream. There is too much of it to be read in one step while the stream runs on: so each key is
 * read together with the marks of its moment, and is to be compared at exactly these. Accounts and reasons are of the
 * {@code base} cut, and whatever is not there at all was not there at the base cut. Not to be changed.
 *
 * @param stream name of the stream
 * @param config that its counts were made with
 * @param base the first cut
 * @param accounts the key of the accounts
 * @param reasons the key of the reasons of rejection
 * @param buckets the list of the buckets
 * @param counts each key with counts
 * @param positions each key with positions of rejected records, by partition
 * @param skipped ranges that an operator has skipped
 * @param unknownKeys names of keys that are none of these
 */
record Snapshot(
        String stream,
        StreamConfig config,
        CutPoint base,
        StoredKey accounts,
        StoredKey reasons,
        StoredKey buckets,
        Map<CountKey, StoredKey> counts,
        SortedMap<Integer, StoredKey> positions,
        SortedSet<Range> skipped,
        List<String> unknownKeys) {

    /** The cut at which a count is to be compared. */
    CutPoint cutOf(CountKey key) {
        StoredKey stored = counts.get(key);
        return stored == null ? base : stored.cut();
    }

    /** The cut at which a partition's positions are to be compared. */
    CutPoint cutOfPositions(int partition) {
        StoredKey stored = positions.get(partition);
        return stored == null ? base : stored.cut();
    }

    /** Whether a count is one that must be there at its cut, rather than one of a bucket that is gone. */
    boolean isKept(CountKey key) {
        return key.isTotal() || !cutOf(key).isGone(key.end(), config.retention().get(key.size()));
    }

    /** Every offset of a partition where something was read, the first of all counting included. */
    SortedSet<Long> marks(int partition) {
        SortedSet<Long> marks = new TreeSet<>();
        marks.add(base.marks().start().getOrDefault(partition, 0L));
        cuts().forEach(cut -> marks.add(cut.mark(partition)));
        return marks;
    }

    /** All partitions of which something was counted at any of the cuts. */
    SortedSet<Integer> partitions() {
        SortedSet<Integer> partitions = new TreeSet<>();
        cuts().forEach(cut -> partitions.addAll(cut.marks().next().keySet()));
        return partitions;
    }

    private Stream<CutPoint> cuts() {
        return Stream.of(
                        Stream.of(base),
                        counts.values().stream().map(StoredKey::cut),
                        positions.values().stream().map(StoredKey::cut))
                .flatMap(s -> s)
                .distinct();
    }
}
