package io.tidemark.gateway.live;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** How many readers there are and how they fare. Thread-safe. */
public final class ReaderFigures {
    private final AtomicInteger live = new AtomicInteger();
    private final AtomicInteger labels = new AtomicInteger();
    private final LongAdder cutOff = new LongAdder();
    private final LongAdder missed = new LongAdder();

    void opened(Reader reader) {
        kind(reader).incrementAndGet();
    }

    void closed(Reader reader) {
        kind(reader).decrementAndGet();
    }

    private AtomicInteger kind(Reader reader) {
        return reader instanceof LiveReader ? live : labels;
    }

    void cutOff() {
        cutOff.increment();
    }

    void missed(long states) {
        missed.add(states);
    }

    /** Readers of {@code /live} now. */
    public int live() {
        return live.get();
    }

    /** Readers of {@code /} now. */
    public int labels() {
        return labels.get();
    }

    /** Readers that were cut off because they did not read. */
    public long cutOffs() {
        return cutOff.sum();
    }

    /** States that slow readers were not told of one by one. */
    public long missedStates() {
        return missed.sum();
    }
}
