/**
 * The same faults for stock Trident parts and for ours, on a real broker, Redis, ZooKeeper and Storm; each worker is a
 * process that can be killed. What goes in is a schedule of events and faults; what comes out is a table of counts beside
 * the truth. {@code make compare} calls it.
 */
package io.tidemark.bench.compare;
