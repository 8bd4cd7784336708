/**
 * Counts that know what they have counted. A {@link io.tidemark.event.ParsedChunk} comes in; a {@link
 * io.tidemark.tally.Tally} goes out, which says which ranges of offsets it covers and what to add to each count, and
 * merges with its neighbours.
 */
package io.tidemark.tally;
