package io.tidemark.tally;

import io.tidemark.plan.Range;

/** Two parts of a tally cover the same offset. The batch must fail. */
public final class OverlapException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OverlapException(Range one, Range other) {
        super("ranges " + one + " and " + other + " overlap");
    }
}
