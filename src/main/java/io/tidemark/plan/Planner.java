package io.tidemark.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Ranges from positions and ends. Pure functions. */
final class Planner {
    private Planner() {}

    /**
     * From where counting stands to the log's ends, but not more than a number of offsets in all, shared so that no
     * partition with little to count waits for one with much. Each partition that has something gets at least one
     * offset, unless there are more than {@value Plan#MOST_RANGES} of them: then those with most to count come first.
     */
    static SortedMap<Integer, Range> ranges(
            SortedMap<Integer, Long> base, SortedMap<Integer, Long> ends, long mostOffsets) {
        List<Range> backlog = new ArrayList<>();
        ends.forEach((partition, end) -> {
            long first = base.getOrDefault(partition, 0L);
            if (end > first) {
                backlog.add(new Range(partition, first, end));
            }
        });
        backlog.sort((a, b) -> Long.compare(a.length(), b.length()));
        if (backlog.size() > Plan.MOST_RANGES) {
            backlog.subList(0, backlog.size() - Plan.MOST_RANGES).clear();
        }
        SortedMap<Integer, Range> ranges = new TreeMap<>();
        long left = mostOffsets;
        for (int i = 0; i < backlog.size(); i++) {
            Range all = backlog.get(i);
            long share = Math.max(1, left / (backlog.size() - i));
            long length = Math.min(all.length(), share);
            ranges.put(all.partition(), new Range(all.partition(), all.first(), all.first() + length));
            left = Math.max(0, left - length);
        }
        return ranges;
    }

    /** The first half of each range, at least one offset, and nothing beyond the log's ends. */
    static SortedMap<Integer, Range> smaller(SortedMap<Integer, Range> ranges, SortedMap<Integer, Long> ends) {
        SortedMap<Integer, Range> halves = new TreeMap<>();
        for (Range range : ranges.values()) {
            long half = range.first() + Math.max(1, range.length() / 2);
            long end = Math.min(half, ends.getOrDefault(range.partition(), 0L));
            if (end > range.first()) {
                halves.put(range.partition(), new Range(range.partition(), range.first(), end));
            }
        }
        return halves;
    }

    /** Whether each range begins where counting stands. */
    static boolean beginsAt(SortedMap<Integer, Range> ranges, SortedMap<Integer, Long> positions) {
        return ranges.values().stream()
                .allMatch(range -> positions.getOrDefault(range.partition(), 0L) == range.first());
    }
}
