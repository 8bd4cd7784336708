package io.tidemark.stream;

import java.util.Objects;

/**
 * One of a dimension's rules.
 *
 * @param when it is used
 * @param gives the category
 * @param line where it stands in the configuration, from 1; decides nothing
 */
public record Rule(Condition when, Outcome gives, int line) {
    public Rule {
        Objects.requireNonNull(when, "when");
        Objects.requireNonNull(gives, "gives");
    }
}
