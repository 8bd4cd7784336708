package io.tidemark.stream;

import java.util.Locale;

/** Which JSON values a field takes. Null is as absent for each of them; another value is {@code wrong-type}. */
public enum FieldType {
    /** A JSON string. */
    TEXT,
    /** A JSON number. */
    NUMBER,
    /** A JSON number without a fraction ({@code 3}, {@code 3.0}, {@code 30e-1}), or text that is one in digits. */
    WHOLE_NUMBER,
    /** {@code true} or {@code false}. */
    BOOLEAN,
    /** Any value: the field is only tested for presence, or read as a time. */
    ANY;

    /** The word in configurations: {@code whole-number}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
