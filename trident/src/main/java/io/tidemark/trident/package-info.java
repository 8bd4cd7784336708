/**
 * Thin adapters to Storm and Kafka. In come a topic and the core's planner, parser, tally and store; out goes a
 * topology: a spout whose coordinator plans ranges and whose emitters read exactly these, functions over chunks of
 * records, a state that commits tallies, and DRPC streams that answer queries. The spout, the functions and the state
 * may be used in other people's topologies; nothing here decides what is counted.
 */
package io.tidemark.trident;
