/**
 * The client library: a question to a running stream, over Storm's DRPC or over the gateway's HTTP, and its answer,
 * known to belong to the question, or a named exception. {@link io.tidemark.client.Tidemark} gives answers as records,
 * {@link io.tidemark.client.TidemarkClient} as the JSON that came. Anybody may call it; it needs no Kafka and no Redis,
 * and Storm only for {@code drpc://} addresses.
 */
package io.tidemark.client;
