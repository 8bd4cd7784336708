package io.tidemark.bench.compare;

/**
 * What a contender had counted in the end.
 *
 * @param truth how many events were sent
 * @param counted how many it had counted
 * @param exact whether each kind's count was right
 * @param moves whether an event that was sent afterwards was counted
 * @param deaths how often its worker died by itself
 */
record Outcome(long truth, long counted, boolean exact, boolean moves, int deaths) {
    /** For a table. */
    String inWords() {
        String died = deaths == 0 ? "" : "; its worker died " + (deaths == 1 ? "once" : deaths + " times");
        if (exact) {
            return counted + ", exact" + died;
        }
        if (!moves) {
            return counted + ", stuck" + died;
        }
        long by = counted - truth;
        return counted
                + (by == 0 ? ", in wrong kinds" : by > 0 ? ", " + by + " too many" : ", " + -by + " lost")
                + died;
    }
}
