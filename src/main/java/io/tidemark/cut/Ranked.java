package io.tidemark.cut;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The largest categories that were found. Their counts are exact.
 *
 * @param largest first, ties by value; without the reserved values
 * @param reserved {@code (unknown)}, {@code (other)} and {@code (too long)}, those that occurred
 * @param unlistedAtMost what a category that is not among the largest may have; 0 when the largest are certain
 * @param lookedUp counts of the categories that were asked for by name; 0 for one that has not occurred
 */
public record Ranked(
        Map<String, Long> largest, SortedMap<String, Long> reserved, long unlistedAtMost, Map<String, Long> lookedUp) {
    /** Where none was asked for by name. */
    public Ranked(Map<String, Long> largest, SortedMap<String, Long> reserved, long unlistedAtMost) {
        this(largest, reserved, unlistedAtMost, Map.of());
    }

    public Ranked {
        lookedUp = Map.copyOf(lookedUp);
        largest = Collections.unmodifiableMap(new LinkedHashMap<>(largest));
        reserved = Collections.unmodifiableSortedMap(new TreeMap<>(reserved));
    }
}
