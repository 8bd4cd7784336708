package io.tidemark.trident;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Timer;
import io.tidemark.commit.CommitResult;
import io.tidemark.commit.Health;
import io.tidemark.commit.Store;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.plan.Marks;
import io.tidemark.stream.Refusal;
import io.tidemark.stream.RefusedException;
import io.tidemark.tally.Tally;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SortedMap;

/** A store whose commits are timed, and counted by what became of them. Any thread may use it. */
final class MeasuredStore implements Store {
    private static final long NEVER = -1;

    private final Store store;
    private final Timer commit;
    private final Counter commits;
    private final Counter outOfStep;
    private final Counter alreadyApplied;
    private final Counter storeAway;
    private final Counter refused;
    private final Counter records;
    private final Counter rejected;
    private final Counter late;
    private volatile long asOf = NEVER;

    /** @param clock what the age of the cut is measured with */
    MeasuredStore(Store store, StreamMetrics metrics, InstantSource clock) {
        this.store = store;
        this.commit = metrics.timer(StreamMetrics.COMMIT);
        this.commits = metrics.counter(StreamMetrics.COMMITS);
        this.outOfStep = metrics.counter(StreamMetrics.OUT_OF_STEP);
        this.alreadyApplied = metrics.counter(StreamMetrics.ALREADY_APPLIED);
        this.storeAway = metrics.counter(StreamMetrics.STORE_AWAY);
        this.refused = metrics.counter(StreamMetrics.REFUSED);
        this.records = metrics.counter(StreamMetrics.RECORDS);
        this.rejected = metrics.counter(StreamMetrics.REJECTED);
        this.late = metrics.counter(StreamMetrics.LATE);
        metrics.gauge(StreamMetrics.CUT_AGE, () -> asOf == NEVER ? NEVER : Math.max(0, clock.millis() - asOf));
    }

    @Override
    public CommitResult commit(Tally tally) {
        Timer.Context timing = commit.time();
        try {
            CommitResult result = store.commit(tally);
            if (result instanceof CommitResult.Applied) {
                applied(tally);
            } else if (result instanceof CommitResult.OutOfStep) {
                outOfStep.inc();
            } else {
                alreadyApplied.inc();
            }
            return result;
        } catch (StoreUnavailableException e) {
            storeAway.inc();
            throw e;
        } catch (RefusedException e) {
            refused.inc();
            throw e;
        } finally {
            timing.stop();
        }
    }

    private void applied(Tally tally) {
        commits.inc();
        records.inc(tally.accounts().records());
        rejected.inc(tally.accounts().rejected());
        late.inc(tally.accounts().late());
        tally.asOf().values().stream()
                .max(Long::compare)
                .ifPresent(latest -> asOf = Math.max(asOf, latest)); // one state task has one thread
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
