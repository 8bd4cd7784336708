package io.tidemark.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Passes over JSON values by RFC 8259 in bytes that are known to be UTF-8, without making an object of any. Positions
 * are indices into the text; a negative one says that there is no complete value. Used by one thread.
 *
 * <p>Why not a parser of a library: CONTRACT's verdicts hang on what stands before and behind a value, on depth and on
 * keys that a parser's limits turn away, and half the time of a record went into objects that nobody reads.
 */
final class JsonScanner {
    /** There is no complete value here. */
    static final int NOT_JSON = -1;
    /** Objects and arrays are nested deeper than {@link #DEEPEST}. */
    static final int TOO_DEEP = -2;
    /** Objects and arrays may be nested so deep. */
    static final int DEEPEST = 1_000;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;
    private static final long BLANKS = ' ' * ONES;

    private final boolean[] isObject = new boolean[DEEPEST + 1];
    private byte[] text;
    private boolean escaped;

    void begin(byte[] newText) {
        text = newText;
    }

    /** The byte at a position; 0, which no JSON text has between its tokens, behind the end. */
    byte at(int position) {
        return position < text.length ? text[position] : 0;
    }

    int skipBlanks(int from) {
        int at = from;
        while (at < text.length && isBlank(text[at])) {
            at++;
        }
        return at;
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '\n' || b == '\t' || b == '\r';
    }

    /** Whether the string that {@link #stringEnd} passed over last has an escape. */
    boolean wasEscaped() {
        return escaped;
    }

    /**
     * The position of the quote that ends a string.
     *
     * @param from behind the opening quote
     */
    int stringEnd(int from) {
        escaped = false;
        int at = from;
        while (true) {
            at = nextSpecial(at);
            byte b = at(at);
            if (b == '"') {
                return at;
            }
            if (b != '\\') {
                return NOT_JSON;
            }
            escaped = true;
            at = escapeEnd(at + 1);
            if (at < 0) {
                return NOT_JSON;
            }
        }
    }

    /** The next quote, backslash or control character, or the end. Eight bytes at a time: Hacker's Delight, 6-1. */
    private int nextSpecial(int from) {
        int at = from;
        int lastLong = text.length - Long.BYTES;
        while (at <= lastLong) {
            long word = (long) LONGS.get(text, at);
            long quote = word ^ QUOTES;
            long backslash = word ^ BACKSLASHES;
            long special = (quote - ONES & ~quote | backslash - ONES & ~backslash | word - BLANKS & ~word) & HIGHS;
            if (special != 0) {
                return at + (Long.numberOfTrailingZeros(special) >>> 3);
            }
            at += Long.BYTES;
        }
        while (at < text.length && text[at] != '"' && text[at] != '\\' && (text[at] >= ' ' || text[at] < 0)) {
            at++;
        }
        return at;
    }

    private int escapeEnd(int at) {
        return switch (at(at)) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at + 1;
            case 'u' -> {
                for (int i = at + 1; i <= at + 4; i++) {
                    if (Character.digit(at(i), 16) < 0) {
                        yield NOT_JSON;
                    }
                }
                yield at + 5;
            }
            default -> NOT_JSON;
        };
    }

    /** One past the number that begins here. */
    int numberEnd(int from) {
        int at = at(from) == '-' ? from + 1 : from;
        byte first = at(at);
        if (!isDigit(first)) {
            return NOT_JSON;
        }
        at = first == '0' ? at + 1 : digitsEnd(at);
        if (at(at) == '.') {
            if (!isDigit(at(at + 1))) {
                return NOT_JSON;
            }
            at = digitsEnd(at + 1);
        }
        byte e = at(at);
        if (e == 'e' || e == 'E') {
            byte sign = at(at + 1);
            at += sign == '+' || sign == '-' ? 2 : 1;
            if (!isDigit(at(at))) {
                return NOT_JSON;
            }
            at = digitsEnd(at);
        }
        return at;
    }

    private int digitsEnd(int from) {
        int at = from;
        while (isDigit(at(at))) {
            at++;
        }
        return at;
    }

    static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** One past {@code true}, {@code false} or {@code null}. */
    int literalEnd(int from) {
        return switch (at(from)) {
            case 't' -> at(from + 1) == 'r' && at(from + 2) == 'u' && at(from + 3) == 'e' ? from + 4 : NOT_JSON;
            case 'n' -> at(from + 1) == 'u' && at(from + 2) == 'l' && at(from + 3) == 'l' ? from + 4 : NOT_JSON;
            case 'f' ->
                at(from + 1) == 'a' && at(from + 2) == 'l' && at(from + 3) == 's' && at(from + 4) == 'e'
                        ? from + 5
                        : NOT_JSON;
            default -> NOT_JSON;
        };
    }

    /** One past a value that is neither object nor array. */
    int scalarEnd(int from) {
        byte first = at(from);
        if (first == '"') {
            int end = stringEnd(from + 1);
            return end < 0 ? end : end + 1;
        }
        return first == '-' || isDigit(first) ? numberEnd(from) : literalEnd(from);
    }

    /**
     * One past the value that begins here.
     *
     * @param depth how many objects and arrays are open around it
     */
    int valueEnd(int from, int depth) {
        byte first = at(from);
        return first == '{' || first == '[' ? containerEnd(from, depth) : scalarEnd(from);
    }

    /** Iterative, so that no record can overflow the stack. */
    private int containerEnd(int from, int depth) {
        int open = depth;
        int at = from;
        while (true) {
            byte first = at(at);
            if (first == '{' || first == '[') {
                if (++open > DEEPEST) {
                    return TOO_DEEP;
                }
                isObject[open] = first == '{';
                at = skipBlanks(at + 1);
                if (at(at) != (first == '{' ? '}' : ']')) {
                    at = isObject[open] ? keyEnd(at) : at;
                    if (at < 0) {
                        return at;
                    }
                    continue;
                }
                at++;
                open--;
            } else {
                at = scalarEnd(at);
                if (at < 0) {
                    return at;
                }
            }
            boolean next = false;
            while (!next && open > depth) {
                at = skipBlanks(at);
                byte b = at(at);
                if (b == ',') {
                    at = skipBlanks(at + 1);
                    at = isObject[open] ? keyEnd(at) : at;
                    if (at < 0) {
                        return at;
                    }
                    next = true;
                } else if (b == (isObject[open] ? '}' : ']')) {
                    at++;
                    open--;
                } else {
                    return NOT_JSON;
                }
            }
            if (!next) {
                return at;
            }
        }
    }

    /** Where the value of the key that begins here begins. */
    private int keyEnd(int from) {
        if (at(from) != '"') {
            return NOT_JSON;
        }
        int end = stringEnd(from + 1);
        return end < 0 ? end : valueStart(end + 1);
    }

    /** Where the value begins, behind a key. */
    int valueStart(int from) {
        int at = at(from) == ':' ? from : skipBlanks(from);
        return at(at) == ':' ? skipBlanks(at + 1) : NOT_JSON;
    }
}
