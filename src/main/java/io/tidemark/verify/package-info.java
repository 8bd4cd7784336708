/**
 * Counting again: what Redis says of a stream and the topic itself come in, every difference between them goes out, and
 * what could not be checked. It shares with the running stream the log, the parser and the counter, and nothing else: no
 * plan, no batch, no commit. The command {@code verify} and tests call it; a stream may run on meanwhile.
 */
package io.tidemark.verify;
