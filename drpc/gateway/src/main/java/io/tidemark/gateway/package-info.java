/**
 * The gateway: the counts of all streams of one Redis over HTTP and WebSocket, and the live page. What comes in:
 * requests of browsers and programs; what goes out: the core's answers, byte for byte, as HTTP responses, and each new
 * cut, once for all readers ({@link io.tidemark.gateway.live}). {@link io.tidemark.gateway.Gateway} is the door; the
 * command line starts it.
 */
package io.tidemark.gateway;
