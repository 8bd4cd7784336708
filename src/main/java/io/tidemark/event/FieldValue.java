package io.tidemark.event;

import java.util.Objects;

/**
 * The value of a field that is there and not null. Immutable.
 *
 * @param kind of JSON value
 * @param text a text's characters, a number as it was written, {@code true} or {@code false}; empty for what is not
 *     kept: objects, arrays, and fields that are only tested for presence
 * @param isBadText whether it is a text with half a surrogate pair
 */
public record FieldValue(Kind kind, String text, boolean isBadText) {
    /** Kinds of JSON values. */
    public enum Kind {
        TEXT,
        NUMBER,
        BOOLEAN,
        CONTAINER
    }

    public FieldValue {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(text, "text");
    }
}
