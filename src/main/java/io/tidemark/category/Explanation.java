package io.tidemark.category;

import io.tidemark.event.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What becomes of one record, and why. Immutable.
 *
 * @param outcome counted, filtered or rejected
 * @param reason of a rejected record; null for the others
 * @param detail which field it is about, for a person; empty where there is nothing to add
 * @param time that a counted event counts at; null for the others
 * @param late whether it is counted in no bucket
 * @param categories of a counted event, in the order of the configuration; empty for the others
 */
public record Explanation(
        Outcome outcome, Reason reason, String detail, Instant time, boolean late, List<Given> categories) {
    /** The three things that can become of a record. */
    public enum Outcome {
        COUNTED,
        FILTERED,
        REJECTED
    }

    /**
     * One dimension's category.
     *
     * @param dimension its name
     * @param category as it is counted
     * @param rule which of the dimension's rules gave it, from 1; 0 when none did and the category is {@code (unknown)}
     * @param line of the configuration where that rule stands, from 1; 0 when none did
     */
    public record Given(String dimension, String category, int rule, int line) {}

    public Explanation {
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(detail, "detail");
        categories = List.copyOf(categories);
    }

    static Explanation rejected(Reason reason, String detail) {
        return new Explanation(Outcome.REJECTED, reason, detail, null, false, List.of());
    }
}
