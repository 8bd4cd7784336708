package io.tidemark.tally;

import io.tidemark.event.Reason;

/**
 * What becomes of all records with the same facts.
 *
 * @param rejected why; null when they are not
 * @param filtered whether {@code where} says no
 * @param sources of the category, by dimension; empty when they are not counted
 */
@SuppressWarnings("ArrayRecordComponent")
record Decision(Reason rejected, boolean filtered, CategorySource[] sources) {}
