package io.tidemark.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Eight bytes of a text at once, for comparing and hashing. */
final class Bytes {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ODD = 0x9E3779B97F4A7C15L;

    private Bytes() {}

    /** Up to eight bytes, the first one lowest, zeros where the text ends before. */
    static long word(byte[] text, int from, int end) {
        int length = end - from;
        if (from + Long.BYTES <= text.length) {
            long word = (long) LONGS.get(text, from);
            return length >= Long.BYTES ? word : word & (1L << 8 * length) - 1;
        }
        long word = 0;
        for (int i = Math.min(end, from + Long.BYTES) - 1; i >= from; i--) {
            word = word << 8 | text[i] & 0xFF;
        }
        return word;
    }

    /** Compares at least eight bytes, eight at a time, the last ones twice where they are fewer. */
    static boolean areEqual(byte[] one, int oneFrom, byte[] other, int otherFrom, int length) {
        int last = length - Long.BYTES;
        for (int at = 0; at < last; at += Long.BYTES) {
            if ((long) LONGS.get(one, oneFrom + at) != (long) LONGS.get(other, otherFrom + at)) {
                return false;
            }
        }
        return (long) LONGS.get(one, oneFrom + last) == (long) LONGS.get(other, otherFrom + last);
    }

    static long mix(long word) {
        long product = word * ODD;
        return product ^ product >>> 29;
    }
}
