package io.tidemark.client;

/**
 * What became of the records of a cut: records = counted + rejected + filtered.
 *
 * @param late those of the counted that were too late for a time bucket
 */
public record Accounts(long records, long counted, long rejected, long filtered, long late) {}
