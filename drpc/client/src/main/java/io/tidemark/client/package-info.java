/**
 * The client library: a question to a running stream over Storm's DRPC, its answer as JSON text. What comes in: a
 * function ({@code counts}, {@code status}) and its arguments; what goes out: the answer, known to belong to the
 * question, or a named exception. Anybody may call it; it needs no Kafka and no Redis.
 */
package io.tidemark.client;
