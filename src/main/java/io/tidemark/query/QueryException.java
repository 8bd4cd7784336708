package io.tidemark.query;

import java.util.Collection;
import java.util.List;

/** A question that cannot be answered: becomes an answer with this code, message and what is known instead. */
final class QueryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final transient List<String> known;

    QueryException(String code, String message, Collection<String> known) {
        super(message);
        this.code = code;
        this.known = List.copyOf(known);
    }

    String code() {
        return code;
    }

    /** Empty when there is nothing that helps. */
    List<String> known() {
        return known;
    }

    static QueryException badRequest(String message) {
        return new QueryException("bad-request", message, List.of());
    }
}
