package io.tidemark.client;

import java.util.Map;

/**
 * Counts, all of one cut.
 *
 * @param counts categories by dimension: each dimension of which something was asked, whole
 * @param labels what was asked for, by the words that were used; everything, by alias, when nothing was
 * @param json the answer as it came
 */
public record Counts(
        String stream,
        Cut cut,
        Accounts accounts,
        Map<String, Map<String, Long>> counts,
        Map<String, Long> labels,
        String json) {
    /** A category's count; 0 when it has not occurred. @throws IllegalArgumentException when its dimension was not asked */
    public long of(String dimension, String value) {
        Map<String, Long> categories = counts.get(dimension);
        if (categories == null) {
            throw new IllegalArgumentException(
                    "dimension " + dimension + " is not in this answer; in it are " + counts.keySet());
        }
        return categories.getOrDefault(value, 0L);
    }
}
