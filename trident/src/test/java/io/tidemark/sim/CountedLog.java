package io.tidemark.sim;

import java.util.ArrayList;
import java.util.List;

/** The entries of a log, and how much of each count there is below each offset, by a plain walk: the recount. */
final class CountedLog {
    private final List<ModelPartition.Entry> entries = new ArrayList<>();
    private final List<int[]> below = new ArrayList<>(List.of(new int[ModelEvent.COUNTS]));

    List<ModelPartition.Entry> entries() {
        return entries;
    }

    long end() {
        return entries.size();
    }

    /** Whether all of these offsets may be read: none is of an open transaction. */
    boolean isReadable(long first, long end) {
        return end <= entries.size()
                && entries.subList((int) first, (int) end).stream()
                        .noneMatch(entry -> entry.kind() == ModelPartition.Kind.OPEN);
    }

    /** How much of each count the records of these offsets make. Only for offsets that are readable. */
    int[] recount(long first, long end) {
        while (below.size() <= end) {
            int[] next = below.get(below.size() - 1).clone();
            ModelPartition.Entry entry = entries.get(below.size() - 1);
            if (entry.kind() == ModelPartition.Kind.OPEN) {
                throw new AssertionError("an open transaction is counted at offset " + (below.size() - 1));
            }
            if (entry.kind() == ModelPartition.Kind.RECORD) {
                entry.event().addTo(next);
            }
            below.add(next);
        }
        int[] counts = below.get((int) end).clone();
        int[] before = below.get((int) first);
        for (int i = 0; i < counts.length; i++) {
            counts[i] -= before[i];
        }
        return counts;
    }
}
