package io.tidemark.sim;

import java.util.Map;
import java.util.TreeMap;

/** What happened, counted by name. */
final class Figures {
    private final Map<String, Long> counts = new TreeMap<>();

    void count(String what) {
        counts.merge(what, 1L, Long::sum);
    }

    void add(Figures others) {
        others.counts.forEach((what, n) -> counts.merge(what, n, Long::sum));
    }

    long of(String what) {
        return counts.getOrDefault(what, 0L);
    }

    Map<String, Long> all() {
        return new TreeMap<>(counts);
    }
}
