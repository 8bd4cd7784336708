package io.tidemark.app.cluster;

import java.time.Duration;

/**
 * What was asked of a cluster.
 *
 * @param kafkaPort null for the default, 0 for any free one
 * @param redisPort the same
 * @param drpcPort the same
 * @param retentionBytes most that the broker keeps
 * @param workerHeapMb heap of each worker
 * @param toLaunch so long a worker that was assigned may be silent before Nimbus takes it for dead; also when it stops
 *     sooner after its start
 */
public record ClusterOptions(
        Integer kafkaPort,
        Integer redisPort,
        Integer drpcPort,
        long retentionBytes,
        int workerHeapMb,
        Duration toLaunch) {
    public ClusterOptions {
        if (workerHeapMb < 64) {
            throw new IllegalArgumentException("workers need 64 MB of heap at least, not " + workerHeapMb);
        }
    }
}
