package io.tidemark.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** One partition: a list of entries, of which the first may be gone, and the history of its leaders. */
final class ModelPartition {
    /** What stands at an offset. */
    enum Kind {
        RECORD,
        /** Of a transaction that is open; it becomes a record or an aborted one. */
        OPEN,
        ABORTED,
        MARKER
    }

    /** @param event what it says, null unless it is a record */
    record Entry(Kind kind, int epoch, ModelEvent event) {}

    /** Logs that were, before a truncation: the current one is always the last. */
    private final List<CountedLog> branches = new ArrayList<>();

    private final NavigableMap<Integer, Long> epochs = new TreeMap<>();
    private int epoch;
    private long first;
    private long openFrom = -1;
    private long leastTruncation = Long.MAX_VALUE;
    private long read;

    ModelPartition(int epoch) {
        this.epoch = epoch;
        epochs.put(epoch, 0L);
        branches.add(new CountedLog());
    }

    private CountedLog log() {
        return branches.get(branches.size() - 1);
    }

    /** The current log, and those that it was before records were lost. */
    List<CountedLog> branches() {
        return branches;
    }

    int epoch() {
        return epoch;
    }

    long first() {
        return first;
    }

    long end() {
        return log().entries().size();
    }

    /** One past the last readable offset. */
    long stableEnd() {
        return openFrom >= 0 ? openFrom : end();
    }

    /** A consumer has fetched up to here. */
    void readTo(long offset) {
        read = Math.max(read, offset);
    }

    /** How far any consumer has fetched. */
    long read() {
        return read;
    }

    Entry entry(long offset) {
        return log().entries().get((int) offset);
    }

    boolean hasOpenTransaction() {
        return openFrom >= 0;
    }

    void append(ModelEvent event) {
        log().entries().add(new Entry(openFrom >= 0 ? Kind.OPEN : Kind.RECORD, epoch, event));
    }

    void beginTransaction() {
        openFrom = end();
    }

    void endTransaction(boolean commit) {
        List<Entry> entries = log().entries();
        for (int i = (int) openFrom; i < entries.size(); i++) {
            Entry open = entries.get(i);
            entries.set(i, new Entry(commit ? Kind.RECORD : Kind.ABORTED, open.epoch(), open.event()));
        }
        entries.add(new Entry(Kind.MARKER, epoch, null));
        openFrom = -1;
    }

    /** What was cut off and then deleted as well leaves no trace that anybody could find: so that is not done here. */
    void deleteBefore(long offset) {
        first = Math.max(first, Math.min(Math.min(offset, leastTruncation), stableEnd()));
        Map.Entry<Integer, Long> before = null;
        while (epochs.firstEntry().getValue() < first) {
            before = epochs.pollFirstEntry();
            if (epochs.isEmpty()) {
                break;
            }
        }
        if (before != null && (epochs.isEmpty() || epochs.firstEntry().getValue() > first)) {
            epochs.put(before.getKey(), first);
        }
    }

    void newLeader() {
        epoch++;
        epochs.put(epoch, end());
    }

    /** An unclean election: what stood at this offset and beyond is gone. */
    void truncate(long offset) {
        leastTruncation = Math.min(leastTruncation, offset);
        if (openFrom >= 0) {
            endTransaction(false);
        }
        CountedLog shorter = new CountedLog();
        shorter.entries().addAll(log().entries().subList(0, (int) offset));
        branches.add(shorter);
        first = Math.min(first, offset);
        epochs.values().removeIf(start -> start > offset);
        newLeader();
    }

    /** Whether what once stood right below this offset is gone. */
    boolean wasTruncatedBelow(long offset) {
        return leastTruncation < offset;
    }

    /** Where the log of this leader epoch ends, by which a reader notices that it was cut; -1 when it is unknown. */
    long endOfEpoch(int asked) {
        if (asked > epoch) {
            return -1;
        }
        Map.Entry<Integer, Long> next = epochs.higherEntry(asked);
        return next == null ? end() : next.getValue();
    }
}
