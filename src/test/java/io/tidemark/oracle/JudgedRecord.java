package io.tidemark.oracle;

/**
 * A record as it lies on the topic, and what must become of it.
 *
 * @param partition of the topic
 * @param offset in the partition
 * @param timestamp of the record in Unix milliseconds
 * @param label of its bytes
 */
public record JudgedRecord(int partition, long offset, long timestamp, Label label) {}
