package io.tidemark.event;

import io.tidemark.stream.Decimal;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/**
 * Reads times. Two forms are times, anything else is none:
 *
 * <ul>
 *   <li>ISO 8601 in text: {@code YYYY-MM-DDTHH:MM[:SS[.fraction]]} with {@code Z} or an offset {@code +HH:MM}, {@code
 *       +HHMM} or {@code +HH} (or with a minus) of at most 18 hours; the year has four digits, the fraction (after a dot
 *       or a comma) any number of them; no 24:00, no leap second.
 *   <li>A Unix time: a JSON number, or text of digits only; seconds below 10^11, milliseconds below 10^14, microseconds
 *       below 10^17, by its size without the sign.
 * </ul>
 *
 * <p>A time is a {@code long}: microseconds since 1970, rounded down.
 */
public final class EventTime {
    /** What is no time. */
    public static final long NONE = Long.MIN_VALUE;

    private static final long[] MICROS_BY_DIGITS = new long[18];
    /** More digits than a microsecond of the largest time needs. */
    private static final int MOST_DIGITS = 40;

    static {
        for (int digits = 1; digits < MICROS_BY_DIGITS.length; digits++) {
            MICROS_BY_DIGITS[digits] = digits <= 11 ? 1_000_000 : digits <= 14 ? 1_000 : 1;
        }
    }

    private EventTime() {}

    /** Reads a text. */
    public static long ofText(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ofText(bytes, 0, bytes.length);
    }

    /** Reads a number as JSON writes it. */
    public static long ofNumber(String number) {
        byte[] bytes = number.getBytes(StandardCharsets.ISO_8859_1);
        return ofNumber(bytes, 0, bytes.length);
    }

    /** Reads the text between two positions. */
    static long ofText(byte[] text, int from, int end) {
        if (end - from > 4 && text[from + 4] == '-') {
            return new IsoTime(text, from, end).micros();
        }
        int first = from;
        while (first < end - 1 && text[first] == '0') {
            first++;
        }
        return first < end && areDigits(text, first, end) ? ofNumber(text, first, end) : NONE;
    }

    /** Reads the number, as JSON writes it, between two positions. */
    static long ofNumber(byte[] text, int from, int end) {
        int length = end - from;
        if (length < MICROS_BY_DIGITS.length && areDigits(text, from, end)) {
            long number = 0;
            for (int i = from; i < end; i++) {
                number = number * 10 + text[i] - '0';
            }
            return number * MICROS_BY_DIGITS[length];
        }
        return ofDecimal(Decimal.of(new String(text, from, length, StandardCharsets.ISO_8859_1)));
    }

    private static long ofDecimal(Decimal number) {
        int exponent = (int) Math.max(-MOST_DIGITS, Math.min(MICROS_BY_DIGITS.length, number.exponent()));
        if (number.sign() == 0 || exponent == -MOST_DIGITS) {
            return 0;
        }
        if (exponent == MICROS_BY_DIGITS.length) {
            return NONE;
        }
        String digits = number.digits()
                .substring(0, Math.min(MOST_DIGITS, number.digits().length()));
        BigDecimal size = new BigDecimal(new BigInteger(digits), digits.length() - exponent);
        return size.multiply(BigDecimal.valueOf(number.sign() * MICROS_BY_DIGITS[Math.max(1, exponent)]))
                .setScale(0, RoundingMode.FLOOR)
                .longValueExact();
    }

    private static boolean areDigits(byte[] text, int from, int end) {
        for (int i = from; i < end; i++) {
            if (!JsonScanner.isDigit(text[i])) {
                return false;
            }
        }
        return true;
    }
}
