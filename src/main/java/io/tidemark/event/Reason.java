package io.tidemark.event;

import java.util.Locale;

/** Why a record is rejected, in the order in which the reasons apply. */
public enum Reason {
    NULL_VALUE,
    EMPTY,
    NOT_UTF8,
    TOO_DEEP,
    NOT_JSON,
    NOT_AN_OBJECT,
    TRAILING_DATA,
    DUPLICATE_KEY,
    WRONG_TYPE,
    BAD_TEXT,
    MISSING_FIELD,
    TIME_IN_FUTURE;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The name in the counts: {@code not-utf8}. */
    public String label() {
        return label;
    }
}
