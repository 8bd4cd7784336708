package io.tidemark.tally;

import io.tidemark.plan.Plan;

/** Parts of two plans came together in one batch. The batch must fail; the next attempt has one plan. */
public final class MixedPlansException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MixedPlansException(Plan one, Plan other) {
        super("one batch holds parts of two plans: " + one.ranges().values() + " and "
                + other.ranges().values());
    }
}
