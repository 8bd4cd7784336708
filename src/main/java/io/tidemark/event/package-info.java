/**
 * From bytes to the fields that are read. A {@link io.tidemark.plan.Chunk} comes in; a {@link
 * io.tidemark.event.ParsedChunk} goes out: for each record the reason why it is no event, or the values of the fields
 * that the configuration names. What these values mean is {@code category}'s business.
 */
package io.tidemark.event;
