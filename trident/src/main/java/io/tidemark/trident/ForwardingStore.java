package io.tidemark.trident;

import io.tidemark.commit.CommitResult;
import io.tidemark.commit.Health;
import io.tidemark.commit.Store;
import io.tidemark.plan.Marks;
import io.tidemark.stream.Refusal;
import io.tidemark.tally.Tally;
import java.util.Optional;
import java.util.SortedMap;

/** Hands everything on to another store; subclasses do something about some of it. */
abstract class ForwardingStore implements Store {
    private final Store store;

    /** @param store is closed with this */
    ForwardingStore(Store store) {
        this.store = store;
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
    public Optional<Marks> remains() {
        return store.remains();
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
    public void report(Health health) {
        store.report(health);
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
