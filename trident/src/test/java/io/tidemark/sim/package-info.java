/**
 * A deterministic simulator: the product's coordinator, emitters, functions, state, watcher and Kafka reader, stepped
 * through by a seeded scheduler against models of Kafka, Redis, ZooKeeper and Trident's tasks, with faults at every
 * step. No threads, no real time: a seed is a run. {@link io.tidemark.sim.Simulation} is one schedule, {@link
 * io.tidemark.sim.Chaos} runs many, {@link io.tidemark.sim.Mutants} shows which guards it watches over.
 */
package io.tidemark.sim;
