package io.tidemark.tally;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adds columns up into one for each dimension and finest bucket. Used by one thread. */
final class ColumnSums {
    private record Where(Kept kept, long start) {}

    private final Map<Where, Sum> sums = new LinkedHashMap<>();

    void add(Column column) {
        sums.computeIfAbsent(new Where(column.kept(), column.start()), w -> new Sum())
                .add(column);
    }

    List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        sums.forEach((where, sum) -> {
            CountMap counts = sum.byName();
            String[] names = counts.keySet().toArray(String[]::new);
            int[] ids = new int[names.length];
            long[] numbers = new long[names.length];
            for (int i = 0; i < names.length; i++) {
                ids[i] = i;
                numbers[i] = counts.get(names[i]);
            }
            columns.add(new Column(where.kept(), where.start(), names, names, ids, numbers));
        });
        return columns;
    }
}
