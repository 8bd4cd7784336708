package io.tidemark.category;

import io.tidemark.event.Reason;

/**
 * What becomes of a record as far as its fields decide it; its time may still be in the future. Immutable; the array is
 * shared and not to be changed.
 *
 * @param rejected why; null when it is not
 * @param filtered whether {@code where} says no
 * @param rules for each dimension the index of the rule that gives the category, or -1 for {@code (unknown)}
 */
@SuppressWarnings("ArrayRecordComponent")
public record Verdict(Reason rejected, boolean filtered, int[] rules) {
    static final Verdict FILTERED = new Verdict(null, true, new int[0]);

    static Verdict rejected(Reason reason) {
        return new Verdict(reason, false, new int[0]);
    }

    public boolean isCounted() {
        return rejected == null && !filtered;
    }
}
