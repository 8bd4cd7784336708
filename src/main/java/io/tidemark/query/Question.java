package io.tidemark.query;

import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A question as it came, taken apart. What its words mean depends on the stream.
 *
 * @param stream name of the stream; null when it was not said
 * @param counts categories and dimensions; null when counts were not asked for
 * @param trends null when none was asked for
 * @param tops null when none was asked for
 * @param status whether the state of the stream was asked for
 * @param zone of times that say none, and of days
 * @param atLeast offsets, by partition, that the cut must have reached
 */
record Question(
        String stream,
        List<String> counts,
        Section<TrendAsked> trends,
        Section<TopAsked> tops,
        boolean status,
        ZoneId zone,
        SortedMap<Integer, Long> atLeast) {
    Question {
        counts = counts == null ? null : List.copyOf(counts);
        atLeast = Collections.unmodifiableSortedMap(new TreeMap<>(atLeast));
    }

    /**
     * What was asked of one kind.
     *
     * @param isList whether it came as a list, and is answered by one
     */
    record Section<T>(List<T> items, boolean isList) {
        Section {
            items = List.copyOf(items);
        }
    }

    /**
     * Categories over time.
     *
     * @param of categories and dimensions; none for all events together
     * @param from as it was written; null for the default, like the others
     */
    record TrendAsked(List<String> of, String from, String to, String step) {
        TrendAsked {
            of = List.copyOf(of);
        }
    }

    /**
     * The largest categories of a dimension.
     *
     * @param n how many
     * @param from as it was written; null for the default, like {@code to}
     * @param total whether since the start instead of in a period
     */
    record TopAsked(String of, int n, String from, String to, boolean total) {}
}
