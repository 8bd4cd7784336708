package io.tidemark.tally;

import java.util.Arrays;
import java.util.HashMap;
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

    /**
     * The counts of one key. Columns of one counter share a list of names, and are added by id without looking at a
     * name: a batch has hundreds of them.
     */
    private static final class Sum {
        private final Map<Object, ById> lists = new HashMap<>();

        void add(Column column) {
            lists.computeIfAbsent(column.list(), list -> new ById()).add(column);
        }

        Map<String, Long> byName() {
            Map<String, Long> sum = new HashMap<>();
            for (ById list : lists.values()) {
                for (int id = 0; id < list.counts.length; id++) {
                    if (list.counts[id] != 0) {
                        sum.merge(list.names[id], list.counts[id], Long::sum);
                    }
                }
            }
            return sum;
        }
    }

    private static final class ById {
        private String[] names = {};
        private long[] counts = {};

        void add(Column column) {
            if (column.names().length > names.length) {
                names = column.names();
                counts = Arrays.copyOf(counts, names.length);
            }
            for (int i = 0; i < column.ids().length; i++) {
                counts[column.ids()[i]] += column.counts()[i];
            }
        }
    }
}
