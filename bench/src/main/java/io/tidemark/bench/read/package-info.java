/** How fast a running service answers, in each way of asking, while events flow. {@code make bench-read} runs it. */
package io.tidemark.bench.read;
