package io.tidemark.trident;

import io.tidemark.commit.Store;
import io.tidemark.plan.Chunk;
import io.tidemark.plan.EventLog;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.stream.StreamConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** The real servers; what emitters read, and whether they got to its end, can be seen. */
record WatchedPorts(Ports ports, String name) implements Ports {
    private static final long serialVersionUID = 1L;

    private static final Map<String, Reads> READS = new ConcurrentHashMap<>();

    /** What was read so far, in this JVM. Thread-safe. */
    static final class Reads {
        private final List<Read> all = new ArrayList<>();
        private final AtomicReference<Runnable> first = new AtomicReference<>(() -> {});
        private Consumer<Read> listener = read -> {};
        private int running;
        private int looks;

        /**
         * One task's share of a plan.
         *
         * @param whole whether it could be read to its end
         */
        record Read(List<Range> ranges, boolean whole) {
            long length() {
                return ranges.stream().mapToLong(Range::length).sum();
            }

            boolean beginsLike(Read other) {
                return ranges.get(0).first() == other.ranges.get(0).first();
            }
        }

        synchronized List<Read> all() {
            return List.copyOf(all);
        }

        /** @param hearer of each read from now on, when it has ended */
        synchronized void tell(Consumer<Read> hearer) {
            listener = hearer;
        }

        synchronized void forget() {
            all.clear();
        }

        /** Does something, once, between the next plan and its reading. */
        void beforeTheNext(Runnable something) {
            first.set(something);
        }

        /** How often a planner has asked whether the topic is compacted: in between it relies on what it was told. */
        synchronized int looks() {
            return looks;
        }

        private synchronized void looked() {
            looks++;
        }

        /** Whether something is being read now. */
        synchronized boolean isRunning() {
            return running > 0;
        }

        private void begin() {
            synchronized (this) {
                running++;
            }
            first.getAndSet(() -> {}).run();
        }

        private synchronized void ended(Read read) {
            running--;
            all.add(read);
            listener.accept(read);
        }
    }

    /** What is read through ports of this name. */
    static Reads reads(String name) {
        return READS.computeIfAbsent(name, key -> new Reads());
    }

    @Override
    public Store store(StreamConfig config, String writer) {
        return ports.store(config, writer);
    }

    @Override
    public EventLog log(StreamConfig config) {
        return new WatchedLog(ports.log(config), reads(name));
    }

    @Override
    public EventLog watch(StreamConfig config) {
        return ports.watch(config);
    }

    private record WatchedLog(EventLog log, Reads reads) implements EventLog {
        @Override
        public void read(
                Plan plan, Collection<Range> ranges, int maxRecords, Duration timeout, Consumer<Chunk> chunks) {
            boolean whole = false;
            try {
                reads.begin();
                log.read(plan, ranges, maxRecords, timeout, chunks);
                whole = true;
            } finally {
                reads.ended(new Reads.Read(List.copyOf(ranges), whole));
            }
        }

        @Override
        public String topicId() {
            return log.topicId();
        }

        @Override
        public boolean compacted() {
            reads.looked();
            return log.compacted();
        }

        @Override
        public boolean brokerTimes() {
            return log.brokerTimes();
        }

        @Override
        public SortedMap<Integer, Long> firstOffsets() {
            return log.firstOffsets();
        }

        @Override
        public SortedMap<Integer, Long> endOffsets() {
            return log.endOffsets();
        }

        @Override
        public SortedMap<Integer, Long> writtenOffsets() {
            return log.writtenOffsets();
        }

        @Override
        public SortedMap<Integer, Long> awaitRecords(SortedMap<Integer, Long> positions, Duration timeout) {
            return log.awaitRecords(positions, timeout);
        }

        @Override
        public void close() {
            log.close();
        }
    }
}
