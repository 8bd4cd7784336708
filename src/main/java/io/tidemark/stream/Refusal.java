package io.tidemark.stream;

import java.util.Objects;

/**
 * Why a stream is refused: its counts would not be what they promise to be, so nothing is planned or committed until
 * the reason is gone. A refused stream goes on answering its last cut.
 *
 * @param code short name in lower case with hyphens, for programs: {@code records-lost}
 * @param message one or two sentences for a person: what was seen, with values, and what to do
 */
public record Refusal(String code, String message) {
    public Refusal {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(message, "message");
    }
}
