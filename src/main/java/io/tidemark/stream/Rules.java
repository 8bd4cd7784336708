package io.tidemark.stream;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What decides whether and where a record counts. Immutable.
 *
 * @param where which records are counted at all
 * @param required fields of which one of each group must be there
 * @param timeFields the event time is the first of them that can be read as a time
 * @param dimensions the rules of each dimension, by its name, in the order of the configuration
 * @param fields every field that is read, and which values it takes
 */
public record Rules(
        Condition where,
        List<List<Pointer>> required,
        List<Pointer> timeFields,
        Map<String, OfDimension> dimensions,
        SortedMap<Pointer, FieldType> fields) {
    public Rules {
        Objects.requireNonNull(where, "where");
        required = required.stream().map(List::copyOf).toList();
        timeFields = List.copyOf(timeFields);
        dimensions = Collections.unmodifiableMap(new LinkedHashMap<>(dimensions));
        fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
    }

    /** Without any rule: every JSON object counts, in no dimension. */
    public Rules() {
        this(Condition.ALWAYS, List.of(), List.of(), Map.of(), new TreeMap<>());
    }

    /**
     * The rules of one dimension; the first that is used and gives a category decides.
     *
     * @param required whether a record for which no rule gives a category is rejected ({@code missing-field}); else it
     *     counts as {@code (unknown)}
     * @param rules in order
     */
    public record OfDimension(boolean required, List<Rule> rules) {
        public OfDimension {
            rules = List.copyOf(rules);
        }
    }
}
