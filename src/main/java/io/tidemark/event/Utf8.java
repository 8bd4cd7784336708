package io.tidemark.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Tells strict UTF-8 (RFC 3629) from everything else. */
final class Utf8 {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long NOT_ASCII = 0x8080808080808080L;

    private Utf8() {}

    /**
     * Whether a text can be JSON in strict UTF-8: no overlong form, no encoded surrogate, nothing above U+10FFFF, no
     * byte order mark, and not UTF-16 or UTF-32 by the pattern of NUL bytes in its first four (RFC 4627, section 3).
     */
    static boolean isStrict(byte[] text) {
        return !startsWithMark(text) && !looksWide(text) && isWellFormed(text);
    }

    private static boolean startsWithMark(byte[] text) {
        return text.length >= 3 && text[0] == (byte) 0xEF && text[1] == (byte) 0xBB && text[2] == (byte) 0xBF;
    }

    private static boolean looksWide(byte[] text) {
        if (text.length < 4) {
            return false;
        }
        int nuls = (text[0] == 0 ? 8 : 0) | (text[1] == 0 ? 4 : 0) | (text[2] == 0 ? 2 : 0) | (text[3] == 0 ? 1 : 0);
        return switch (nuls) {
            case 0b1110, 0b1010, 0b0111, 0b0101 -> true;
            default -> false;
        };
    }

    private static boolean isWellFormed(byte[] text) {
        int i = 0;
        int lastLong = text.length - Long.BYTES;
        int lastLongs = text.length - 4 * Long.BYTES;
        while (i < text.length) {
            while (i <= lastLongs && (longs(text, i) & NOT_ASCII) == 0) {
                i += 4 * Long.BYTES;
            }
            if (i <= lastLong && ((long) LONGS.get(text, i) & NOT_ASCII) == 0) {
                i += Long.BYTES;
            } else if (i == text.length) {
                return true;
            } else if (text[i] >= 0) {
                i++;
            } else if (text[i] <= (byte) 0xDF && text[i] >= (byte) 0xC2 && isContinuation(text, i + 1)) {
                i += 2;
            } else {
                int length = sequence(text, i);
                if (length == 0) {
                    return false;
                }
                i += length;
            }
        }
        return true;
    }

    private static long longs(byte[] text, int at) {
        return (long) LONGS.get(text, at)
                | (long) LONGS.get(text, at + 8)
                | (long) LONGS.get(text, at + 16)
                | (long) LONGS.get(text, at + 24);
    }

    /** The length of the sequence of several bytes that begins here; 0 when it is not well-formed. */
    private static int sequence(byte[] text, int at) {
        int first = text[at] & 0xFF;
        int second = at + 1 < text.length ? text[at + 1] & 0xFF : 0;
        if (first >= 0xC2 && first <= 0xDF) {
            return isContinuation(second) ? 2 : 0;
        }
        if (first >= 0xE0 && first <= 0xEF) {
            int lowest = first == 0xE0 ? 0xA0 : 0x80;
            int highest = first == 0xED ? 0x9F : 0xBF;
            return second >= lowest && second <= highest && isContinuation(text, at + 2) ? 3 : 0;
        }
        if (first >= 0xF0 && first <= 0xF4) {
            int lowest = first == 0xF0 ? 0x90 : 0x80;
            int highest = first == 0xF4 ? 0x8F : 0xBF;
            boolean ok = second >= lowest && second <= highest;
            return ok && isContinuation(text, at + 2) && isContinuation(text, at + 3) ? 4 : 0;
        }
        return 0;
    }

    private static boolean isContinuation(byte[] text, int at) {
        return at < text.length && isContinuation(text[at] & 0xFF);
    }

    private static boolean isContinuation(int unit) {
        return unit >= 0x80 && unit <= 0xBF;
    }
}
