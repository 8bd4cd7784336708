package io.tidemark.tally;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The categories of one dimension that a counter has met, each with an id. It only grows. Used by one thread. */
final class CategoryList {
    /** Beyond so many categories a counter begins a new list with the next chunk. */
    private static final int LARGE = 1 << 16;

    private final Map<String, Integer> ids = new HashMap<>();
    private String[] names = new String[16];

    int id(String name) {
        Integer known = ids.get(name);
        if (known != null) {
            return known;
        }
        int id = ids.size();
        if (id == names.length) {
            names = Arrays.copyOf(names, 2 * id);
        }
        names[id] = name;
        ids.put(name, id);
        return id;
    }

    boolean isLarge() {
        return ids.size() > LARGE;
    }

    /** Names by id; what is there does not change any more. */
    String[] names() {
        return names;
    }
}
