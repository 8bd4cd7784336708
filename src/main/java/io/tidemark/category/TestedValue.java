package io.tidemark.category;

import io.tidemark.event.FieldValue;
import io.tidemark.event.FieldValue.Kind;
import io.tidemark.stream.Categories;
import io.tidemark.stream.Decimal;
import io.tidemark.stream.FieldType;

/** A field's value, seen through the type that the field has. */
final class TestedValue {
    private final FieldType type;
    private final FieldValue value;
    private final Decimal number;

    TestedValue(FieldType type, FieldValue value) {
        this.type = type;
        this.value = value;
        this.number = number(type, value);
    }

    private static Decimal number(FieldType type, FieldValue value) {
        boolean isNumber = value.kind() == Kind.NUMBER;
        return switch (type) {
            case NUMBER -> isNumber ? Decimal.of(value.text()) : null;
            case WHOLE_NUMBER ->
                isNumber || value.kind() == Kind.TEXT && isInDigits(value.text())
                        ? whole(Decimal.of(value.text()))
                        : null;
            default -> null;
        };
    }

    /** Digits without leading zeros, with or without a minus. */
    private static boolean isInDigits(String text) {
        int first = text.startsWith("-") ? 1 : 0;
        int length = text.length() - first;
        return length > 0
                && (length == 1 || text.charAt(first) != '0')
                && text.chars().skip(first).allMatch(c -> c >= '0' && c <= '9');
    }

    private static Decimal whole(Decimal number) {
        return number.isWhole() ? number : null;
    }

    /** Whether the field takes such a value. */
    boolean isOfType() {
        return switch (type) {
            case TEXT -> value.kind() == Kind.TEXT;
            case BOOLEAN -> value.kind() == Kind.BOOLEAN;
            case NUMBER, WHOLE_NUMBER -> number != null;
            case ANY -> true;
        };
    }

    boolean isText() {
        return value.kind() == Kind.TEXT && type == FieldType.TEXT;
    }

    /** The number, or null. */
    Decimal number() {
        return number;
    }

    /** In the form that literals and lookups' keys have. */
    String canonical() {
        return switch (type) {
            case NUMBER -> number.toString();
            case WHOLE_NUMBER -> isWritable() ? number.wholeDigits() : "";
            default -> value.text();
        };
    }

    /** What it contributes to a category: text as written, digits. A number too long to write is too long in any case. */
    String written() {
        if (type == FieldType.WHOLE_NUMBER) {
            return isWritable() ? number.wholeDigits() : "9".repeat(Categories.LONGEST + 1);
        }
        return value.text();
    }

    private boolean isWritable() {
        return number.wholeLength() <= Categories.LONGEST;
    }
}
