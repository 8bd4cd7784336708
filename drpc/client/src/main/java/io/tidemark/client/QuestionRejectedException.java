package io.tidemark.client;

import java.util.List;

/** The question cannot be answered as it is. Asking it again gives the same. */
public final class QuestionRejectedException extends TidemarkClientException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final transient List<String> known;

    QuestionRejectedException(String code, String message, List<String> known) {
        super(code + ": " + message + (known.isEmpty() ? "" : ". Known: " + String.join(", ", known)), null);
        this.code = code;
        this.known = List.copyOf(known);
    }

    /** {@code unknown-dimension}, {@code unknown-word}, {@code unknown-stream}, {@code bad-request} and the like. */
    public String code() {
        return code;
    }

    /** What could have been asked instead; empty when nothing helps. */
    public List<String> known() {
        return known == null ? List.of() : known;
    }
}
