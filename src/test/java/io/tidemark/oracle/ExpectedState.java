package io.tidemark.oracle;

import java.util.List;
import java.util.Map;

/**
 * What Redis must hold for one cut.
 *
 * @param cut accounts, reasons and totals
 * @param buckets counts by key without the stream's part ({@code minute:actor:2026-11-24T10:05}) and category, for all
 *     buckets that this cut still keeps
 * @param ends of these buckets: {@code minute:2026-11-24T10:05} and its end in Unix seconds
 * @param rejectedAt the last rejected records by partition, {@code "offset reason"}, by offset
 */
public record ExpectedState(
        ExpectedCut cut,
        Map<String, Map<String, Long>> buckets,
        Map<String, Long> ends,
        Map<Integer, List<String>> rejectedAt) {}
