package io.tidemark.app.cluster;

/**
 * What was asked of a cluster.
 *
 * @param kafkaPort null for the default, 0 for any free one
 * @param redisPort the same
 * @param drpcPort the same
 * @param retentionBytes most that the broker keeps
 * @param workerHeapMb heap of each worker
 */
public record ClusterOptions(
        Integer kafkaPort, Integer redisPort, Integer drpcPort, long retentionBytes, int workerHeapMb) {
    public ClusterOptions {
        if (workerHeapMb < 64) {
            throw new IllegalArgumentException("workers need 64 MB of heap at least, not " + workerHeapMb);
        }
    }
}
