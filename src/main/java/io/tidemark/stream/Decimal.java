package io.tidemark.stream;

import java.util.Objects;

/**
 * A JSON number, exact and compared exactly, however long or large: it is never written out, so that an exponent of a
 * billion costs nothing. Its value is {@code sign * 0.digits * 10^exponent}.
 *
 * @param sign -1, 0 or 1
 * @param digits without zeros at either end; empty for zero
 * @param exponent of ten; beyond {@code 10^17} it is cut there
 */
public record Decimal(int sign, String digits, long exponent) implements Comparable<Decimal> {
    public static final Decimal ZERO = new Decimal(0, "", 0);
    private static final long LARGEST_EXPONENT = 100_000_000_000_000_000L;

    public Decimal {
        Objects.requireNonNull(digits, "digits");
    }

    /**
     * @param text a number by JSON's grammar
     * @throws NumberFormatException when it is none
     */
    public static Decimal of(String text) {
        if (!isNumber(text)) {
            throw new NumberFormatException("not a JSON number: " + text);
        }
        int e = Math.max(text.indexOf('e'), text.indexOf('E'));
        String mantissa = e < 0 ? text : text.substring(0, e);
        int sign = mantissa.startsWith("-") ? -1 : 1;
        String unsigned = sign < 0 ? mantissa.substring(1) : mantissa;
        int point = unsigned.indexOf('.');
        String all = point < 0 ? unsigned : unsigned.substring(0, point) + unsigned.substring(point + 1);
        int integers = point < 0 ? unsigned.length() : point;
        int first = 0;
        while (first < all.length() && all.charAt(first) == '0') {
            first++;
        }
        int end = all.length();
        while (end > first && all.charAt(end - 1) == '0') {
            end--;
        }
        if (first == end) {
            return ZERO;
        }
        long exponent = integers - first + (e < 0 ? 0 : exponent(text.substring(e + 1)));
        return new Decimal(sign, all.substring(first, end), exponent);
    }

    /** Whether it has no fraction. */
    public boolean isWhole() {
        return exponent >= digits.length();
    }

    /** How many characters {@link #wholeDigits} has. */
    public long wholeLength() {
        return sign == 0 ? 1 : (sign < 0 ? 1 : 0) + exponent;
    }

    /** A whole number in digits: {@code -2}. To be asked only when {@link #wholeLength} is small enough. */
    public String wholeDigits() {
        if (sign == 0) {
            return "0";
        }
        String written = digits + "0".repeat(Math.toIntExact(exponent - digits.length()));
        return sign < 0 ? "-" + written : written;
    }

    @Override
    public int compareTo(Decimal other) {
        if (sign != other.sign) {
            return Integer.compare(sign, other.sign);
        }
        int bySize = Long.compare(exponent, other.exponent);
        return sign * (bySize != 0 ? bySize : digits.compareTo(other.digits));
    }

    /** One form for each value; for fingerprints and messages. */
    @Override
    public String toString() {
        if (sign == 0) {
            return "0";
        }
        return (sign < 0 ? "-" : "") + (isWhole() && exponent <= 20 ? unsignedWhole() : "0." + digits + "e" + exponent);
    }

    private String unsignedWhole() {
        return digits + "0".repeat((int) exponent - digits.length());
    }

    private static long exponent(String text) {
        boolean negative = text.startsWith("-");
        int first = negative || text.startsWith("+") ? 1 : 0;
        while (first < text.length() - 1 && text.charAt(first) == '0') {
            first++;
        }
        long size = text.length() - first > 17
                ? LARGEST_EXPONENT
                : Math.min(LARGEST_EXPONENT, Long.parseLong(text.substring(first)));
        return negative ? -size : size;
    }

    private static boolean isNumber(String text) {
        int i = text.startsWith("-") ? 1 : 0;
        int integers = digitsFrom(text, i);
        if (integers == 0 || integers > 1 && text.charAt(i) == '0') {
            return false;
        }
        i += integers;
        if (i < text.length() && text.charAt(i) == '.') {
            int fraction = digitsFrom(text, i + 1);
            if (fraction == 0) {
                return false;
            }
            i += 1 + fraction;
        }
        if (i < text.length() && (text.charAt(i) == 'e' || text.charAt(i) == 'E')) {
            i++;
            if (i < text.length() && (text.charAt(i) == '+' || text.charAt(i) == '-')) {
                i++;
            }
            int exponent = digitsFrom(text, i);
            if (exponent == 0) {
                return false;
            }
            i += exponent;
        }
        return i == text.length();
    }

    private static int digitsFrom(String text, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            i++;
        }
        return i - from;
    }
}
