package io.tidemark.trident;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Timer;
import io.tidemark.commit.CommitResult;
import io.tidemark.commit.Store;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.stream.RefusedException;
import io.tidemark.tally.Tally;
import java.time.InstantSource;

/** A store whose commits are timed, and counted by what became of them. Any thread may use it. */
final class MeasuredStore extends ForwardingStore {
    private static final long NEVER = -1;

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
        super(store);
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
            CommitResult result = super.commit(tally);
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
}
