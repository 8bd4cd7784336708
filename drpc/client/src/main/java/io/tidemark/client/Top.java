package io.tidemark.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The largest categories of a dimension in a period, from one cut.
 *
 * @param from begin of the period; null in total
 * @param to end of the period; null in total
 * @param sum of all categories, also of those that are not listed
 * @param exact whether the categories are exact; the sum always is
 * @param categories largest first; ties by value
 * @param reserved what has no category of its own: {@code (unknown)}, {@code (other)}, {@code (too long)}
 * @param json the answer as it came
 */
public record Top(
        String stream,
        Cut cut,
        String of,
        Instant from,
        Instant to,
        long sum,
        boolean exact,
        List<Category> categories,
        Map<String, Long> reserved,
        String json) {
    /**
     * One of them.
     *
     * @param share of the sum, from 0 to 1
     */
    public record Category(String value, long count, double share) {}
}
