/**
 * Submits the topology to a Storm cluster: {@code storm jar tidemark-topology-VERSION.jar io.tidemark.submit.Submit}.
 * Comes in: the command line, configurations of streams. Goes out: one topology, or with {@code --dry-run} a report of
 * what would be submitted and what was found at Kafka and Redis. Nobody calls it but Storm and tests.
 */
package io.tidemark.submit;
