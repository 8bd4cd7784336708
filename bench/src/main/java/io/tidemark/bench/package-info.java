/**
 * The drain and the delay, measured: each contender in a JVM of its own, one after the other, on one broker, in several
 * rounds. {@link io.tidemark.bench.Bench} starts them and prints the table; nothing else calls this package.
 */
package io.tidemark.bench;
