/**
 * What runs inside the child JVMs of the service: one main class each for the Kafka broker, for Storm with the topology
 * and the DRPC server in one JVM, and for each daemon of a cluster of processes. A child obeys the words that come on its standard input, says on its standard output
 * when it is ready, and halts when its standard input ends: then the service is gone. Nobody calls these classes.
 */
package io.tidemark.app.child;
