package io.tidemark.tally;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The sum of columns that count the same dimension. Columns of one counter share a list of names, and are added by id
 * without looking at a name: a batch has hundreds of them. Used by one thread.
 */
final class Sum {
    private final Map<Object, ById> lists = new IdentityHashMap<>();

    void add(Column column) {
        lists.computeIfAbsent(column.list(), list -> new ById()).add(column);
    }

    CountMap byName() {
        CountMap sum = new CountMap(lists.values().stream().mapToInt(ById::size).sum());
        lists.values().forEach(list -> list.addTo(sum));
        return sum;
    }

    private static final class ById {
        private String[] names = {};
        private long[] counts = {};

        int size() {
            return (int) Arrays.stream(counts).filter(n -> n != 0).count();
        }

        void add(Column column) {
            if (column.names().length > names.length) {
                names = column.names();
                counts = Arrays.copyOf(counts, names.length);
            }
            for (int i = 0; i < column.ids().length; i++) {
                counts[column.ids()[i]] += column.counts()[i];
            }
        }

        void addTo(CountMap sum) {
            for (int id = 0; id < counts.length; id++) {
                if (counts[id] != 0) {
                    sum.add(names[id], counts[id]);
                }
            }
        }
    }
}
