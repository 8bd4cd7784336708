/**
 * The whole service on one machine: a data folder, the ports, and the child processes (Kafka, Redis, Storm) that are
 * started side by side, watched, started again when they die, and stopped in order. What comes in: the options of
 * {@code tidemark run}. What goes out: a running service and the file that says where it runs. Only the commands of
 * {@code io.tidemark.app} call it.
 */
package io.tidemark.app.service;
