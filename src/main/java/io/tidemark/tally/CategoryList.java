package io.tidemark.tally;

import java.util.Arrays;

/** The categories of one dimension that a counter has met, each with an id. It only grows. Used by one thread. */
final class CategoryList {
    /** Beyond so many categories a counter begins a new list with the next chunk: looking one up is to stay in cache. */
    private static final int LARGE = 1 << 13;

    private int[] table = new int[32];
    private String[] names = new String[16];
    private int count;

    int id(String name) {
        int place = place(name);
        while (table[place] != 0) {
            int id = table[place] - 1;
            if (names[id].equals(name)) {
                return id;
            }
            place = place + 1 & table.length - 1;
        }
        return add(name, place);
    }

    private int place(String name) {
        int hash = name.hashCode() * 0x9E3779B9;
        return (hash ^ hash >>> 16) & table.length - 1;
    }

    private int add(String name, int place) {
        if (count == names.length) {
            names = Arrays.copyOf(names, 2 * count);
        }
        names[count] = name;
        table[place] = ++count;
        if (2 * count > table.length) {
            table = new int[2 * table.length];
            for (int id = 0; id < count; id++) {
                int free = place(names[id]);
                while (table[free] != 0) {
                    free = free + 1 & table.length - 1;
                }
                table[free] = id + 1;
            }
        }
        return count - 1;
    }

    boolean isLarge() {
        return count > LARGE;
    }

    /** Names by id; what is there does not change any more. */
    String[] names() {
        return names;
    }
}
