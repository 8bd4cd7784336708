package io.tidemark.client;

import java.util.Map;

/**
 * How a stream is.
 *
 * @param state {@code running}, {@code idle}, {@code stalled}, {@code refused} or {@code no-coordinator}
 * @param why one sentence for a person
 * @param rejected records by reason
 * @param lag offsets that wait to be counted; null when nobody knows
 * @param json the answer as it came
 */
public record Status(
        String stream,
        Cut cut,
        Accounts accounts,
        String state,
        String why,
        Map<String, Long> rejected,
        Long lag,
        String json) {
    /** Whether it counts, or has counted everything. */
    public boolean isWell() {
        return state.equals("running") || state.equals("idle");
    }
}
