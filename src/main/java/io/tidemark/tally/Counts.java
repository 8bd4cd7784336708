package io.tidemark.tally;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a part of a tally adds, in the finest buckets of each dimension. Immutable. */
public final class Counts {
    private final List<Column> columns;

    Counts(List<Column> columns) {
        this.columns = List.copyOf(columns);
    }

    /** Counts that are given key by key, each as it is: nothing follows from another. */
    public static Counts of(Map<CountKey, Map<String, Long>> additions) {
        List<Column> columns = new ArrayList<>();
        additions.forEach((key, categories) -> {
            String[] names = categories.keySet().toArray(String[]::new);
            int[] ids = new int[names.length];
            long[] counts = new long[names.length];
            for (int i = 0; i < names.length; i++) {
                ids[i] = i;
                counts[i] = categories.get(names[i]);
            }
            long start = key.isTotal() ? Kept.NO_BUCKET : key.start();
            columns.add(new Column(Kept.only(key), start, names, names, ids, counts));
        });
        return new Counts(columns);
    }

    List<Column> columns() {
        return columns;
    }
}
