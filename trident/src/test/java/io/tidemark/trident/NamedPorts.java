package io.tidemark.trident;

import io.tidemark.commit.CommitResult;
import io.tidemark.commit.Health;
import io.tidemark.commit.Store;
import io.tidemark.plan.EventLog;
import io.tidemark.plan.Marks;
import io.tidemark.stream.Refusal;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.Tally;
import java.util.Optional;
import java.util.SortedMap;

/** The real servers, asked under a name of its own: a worker is a process, and so all that live in one have one name. */
record NamedPorts(Ports ports, String name) implements Ports {
    private static final long serialVersionUID = 1L;

    @Override
    public Store store(StreamConfig config, String writer) {
        return new Named(ports.store(config, name), name);
    }

    @Override
    public EventLog log(StreamConfig config) {
        return ports.log(config);
    }

    @Override
    public EventLog watch(StreamConfig config) {
        return ports.watch(config);
    }

    private record Named(Store store, String name) implements Store {
        @Override
        public void report(Health health) {
            store.report(new Health(
                    name,
                    health.firstOffsets(),
                    health.endOffsets(),
                    health.open(),
                    health.brokerTimes(),
                    health.refusal()));
        }

        @Override
        public Optional<Marks> marks() {
            return store.marks();
        }

        @Override
        public Optional<String> startedOverAs() {
            return store.startedOverAs();
        }

        @Override
        public Marks initialise(SortedMap<Integer, Long> start, String topicId, String storeId) {
            return store.initialise(start, topicId, storeId);
        }

        @Override
        public Optional<String> configuration() {
            return store.configuration();
        }

        @Override
        public CommitResult commit(Tally tally) {
            return store.commit(tally);
        }

        @Override
        public int removeGoneBuckets() {
            return store.removeGoneBuckets();
        }

        @Override
        public void tell(Refusal refusal) {
            store.tell(refusal);
        }

        @Override
        public Optional<Refusal> told() {
            return store.told();
        }

        @Override
        public void reset() {
            store.reset();
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
