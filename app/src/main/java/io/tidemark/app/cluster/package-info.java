/**
 * A Storm cluster of real processes on this machine: ZooKeeper, Nimbus, two supervisors that start worker JVMs, a DRPC
 * server, Kafka and Redis, from Maven's jars alone. Comes in: a data folder and what to count. Goes out: a running
 * cluster to which the topology's jar was submitted as {@code storm jar} submits it, and which leaves no process behind.
 * Called by the {@code cluster} command and by tests that break things.
 */
package io.tidemark.app.cluster;
