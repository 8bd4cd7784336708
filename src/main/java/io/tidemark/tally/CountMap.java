package io.tidemark.tally;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BiConsumer;

/** Counts by category, without an object for each: a batch has hundreds of thousands. Not to be changed once read. */
final class CountMap extends AbstractMap<String, Long> {
    private final String[] names;
    private final int[] hashes;
    private final long[] counts;
    private int size;

    /** @param most how many categories will be added at most */
    CountMap(int most) {
        int length = Integer.highestOneBit(Math.max(4, most)) * 4;
        names = new String[length];
        hashes = new int[length];
        counts = new long[length];
    }

    void add(String name, long count) {
        int hash = name.hashCode();
        int place = place(name, hash);
        if (names[place] == null) {
            names[place] = name;
            hashes[place] = hash;
            size++;
        }
        counts[place] = Math.addExact(counts[place], count);
    }

    /** Where the name stands, or would stand. */
    private int place(String name, int hash) {
        int place = (hash * 0x9E3779B9 >>> 7) & names.length - 1;
        while (names[place] != null && !(hashes[place] == hash && names[place].equals(name))) {
            place = place + 1 & names.length - 1;
        }
        return place;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Long get(Object name) {
        if (!(name instanceof String text)) {
            return null;
        }
        int place = place(text, text.hashCode());
        return names[place] == null ? null : counts[place];
    }

    @Override
    public boolean containsKey(Object name) {
        return get(name) != null;
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super Long> action) {
        for (int place = 0; place < names.length; place++) {
            if (names[place] != null) {
                action.accept(names[place], counts[place]);
            }
        }
    }

    @Override
    public Set<Map.Entry<String, Long>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return size;
            }

            @Override
            public Iterator<Map.Entry<String, Long>> iterator() {
                return new Entries();
            }
        };
    }

    private final class Entries implements Iterator<Map.Entry<String, Long>> {
        private int next = -1;

        private Entries() {
            advance();
        }

        private void advance() {
            do {
                next++;
            } while (next < names.length && names[next] == null);
        }

        @Override
        public boolean hasNext() {
            return next < names.length;
        }

        @Override
        public Map.Entry<String, Long> next() {
            if (!hasNext()) {
                throw new NoSuchElementException("no more categories");
            }
            Map.Entry<String, Long> entry = Map.entry(names[next], counts[next]);
            advance();
            return entry;
        }
    }
}
