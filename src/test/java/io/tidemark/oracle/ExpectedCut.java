package io.tidemark.oracle;

import java.util.Map;

/**
 * What an answer for one cut must say.
 *
 * @param accounts {@code records}, {@code counted}, {@code rejected}, {@code filtered}, {@code late}
 * @param reasons rejected records by reason
 * @param totals by dimension and category, for the dimensions that are kept in total; without zeros
 * @param asOf largest record timestamp in Unix milliseconds; {@link Long#MIN_VALUE} without records
 */
public record ExpectedCut(
        Map<String, Long> accounts, Map<String, Long> reasons, Map<String, Map<String, Long>> totals, long asOf) {}
