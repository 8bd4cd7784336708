package io.tidemark.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Categories over time, from one cut.
 *
 * @param step {@code minute}, {@code 5m}, {@code hour}, ...
 * @param buckets starts, ascending, without holes
 * @param states of each bucket: {@code complete}, {@code settled}, {@code open} or {@code gone}
 * @param events counted events of each bucket; null where it is gone
 * @param series by dimension and category, a count for each bucket; null where it is gone
 * @param labels single categories that were asked for, by the words that were used
 * @param exact whether all of it is exact
 * @param json the answer as it came
 */
public record Trend(
        String stream,
        Cut cut,
        String step,
        List<Instant> buckets,
        List<String> states,
        List<Long> events,
        Map<String, Map<String, List<Long>>> series,
        Map<String, List<Long>> labels,
        boolean exact,
        String json) {}
