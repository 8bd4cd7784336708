package io.tidemark.stream;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A table of values and the group of each. Immutable.
 *
 * @param name in the configuration; it decides nothing
 * @param groups by value; the group is empty where the table lists values only
 */
public record Lookup(String name, Map<String, String> groups) {
    public Lookup {
        groups = Collections.unmodifiableMap(new LinkedHashMap<>(groups));
    }

    /** The groups by value, each value in the one form that values of a field of this type have. */
    public Map<String, String> canonicalGroups(FieldType type) {
        Map<String, String> canonical = new LinkedHashMap<>();
        groups.forEach((value, group) ->
                FieldTypes.canonicalKey(type, value).ifPresent(key -> canonical.putIfAbsent(key, group)));
        return Collections.unmodifiableMap(canonical);
    }
}
