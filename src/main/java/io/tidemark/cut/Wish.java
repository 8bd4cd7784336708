package io.tidemark.cut;

import io.tidemark.stream.Dimension;
import java.util.List;

/**
 * What is to be read together with the marks. Immutable.
 *
 * @param totals dimensions that are kept in total
 * @param spans buckets
 * @param rankings largest categories
 */
public record Wish(List<Dimension> totals, List<Span> spans, List<Ranking> rankings) {
    public Wish {
        totals = List.copyOf(totals);
        spans = List.copyOf(spans);
        rankings = List.copyOf(rankings);
    }

    public static Wish totals(List<Dimension> totals) {
        return new Wish(totals, List.of(), List.of());
    }

    /** Whether what is wished for depends on what time it is. */
    boolean isTimed() {
        return !spans.isEmpty() || !rankings.isEmpty();
    }
}
