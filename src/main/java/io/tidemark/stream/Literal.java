package io.tidemark.stream;

/**
 * A value that a configuration compares a field with.
 *
 * @param type {@code TEXT}, {@code NUMBER} or {@code BOOLEAN}
 * @param text the text; {@code true} or {@code false}; a number in {@link Decimal}'s one form
 */
public record Literal(FieldType type, String text) {
    public static Literal text(String text) {
        return new Literal(FieldType.TEXT, text);
    }

    public static Literal bool(boolean value) {
        return new Literal(FieldType.BOOLEAN, Boolean.toString(value));
    }

    public static Literal number(Decimal value) {
        return new Literal(FieldType.NUMBER, value.toString());
    }
}
