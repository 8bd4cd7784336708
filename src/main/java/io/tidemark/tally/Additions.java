package io.tidemark.tally;

import java.util.LinkedHashMap;
import java.util.Map;

/** Adds columns up, once for each key that is kept. Used by one thread. */
final class Additions {
    private final Map<CountKey, Sum> sums = new LinkedHashMap<>();

    void add(Column column) {
        for (CountKey key : column.kept().keys(column.start())) {
            sums.computeIfAbsent(key, k -> new Sum()).add(column);
        }
    }

    Map<CountKey, Map<String, Long>> asMap() {
        Map<CountKey, Map<String, Long>> map = new LinkedHashMap<>();
        sums.forEach((key, sum) -> map.put(key, sum.byName()));
        return map;
    }
}
