package io.tidemark.tally;

/**
 * Counts of one dimension in one of its finest buckets. Not to be changed.
 *
 * @param kept what is kept of the dimension
 * @param start of the bucket in Unix seconds, or {@link Kept#NO_BUCKET}
 * @param list the same object where equal ids mean equal names
 * @param names of categories by id
 * @param ids of the categories that are counted here, each once
 * @param counts of these, in the same order
 */
@SuppressWarnings("ArrayRecordComponent")
record Column(Kept kept, long start, Object list, String[] names, int[] ids, long[] counts) {}
