/**
 * The commit: a tally comes in, and its counts and the marks are in Redis together, or nothing is changed. What goes out
 * is what became of it. {@link io.tidemark.commit.RedisStore} does it with the scripts beside this package; the keys are
 * those of docs/contract.md. The state of a topology, the coordinator (for the marks) and tests may call; readers of counts
 * use the package {@code cut}, which shares the connection and the names of keys.
 */
package io.tidemark.commit;
