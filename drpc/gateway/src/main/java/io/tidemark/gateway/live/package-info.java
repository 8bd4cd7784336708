/**
 * Cuts for those who look on: Redis tells of a commit, the stream's feed reads one cut, says once in bytes what has
 * changed, and each reader gets these bytes, or, when it was too slow, the newest whole state. Nothing queues without
 * bound. The gateway's HTTP side opens readers; nothing else calls in.
 */
package io.tidemark.gateway.live;
