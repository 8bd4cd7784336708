package io.tidemark.event;

import io.tidemark.event.FieldValue.Kind;
import java.util.Arrays;

/**
 * The different values of one field that a parser has met, each with a code from 1 on, so that a value that was met
 * before costs no object. It only grows; a parser begins a new one when it has become large. Values are told apart by
 * their bytes: two spellings of one text have two codes.
 *
 * <p>Time goes into cache misses here, so what tells most values apart lies together in half a cache line, and the whole
 * is kept small rather than complete.
 */
final class Values {
    /** Beyond so many values, or so many bytes of them, a new list is begun with the next chunk. */
    private static final int LARGE = 1 << 13;

    private static final int LARGE_BYTES = 1 << 20;

    /** Of each value four words: hash, length and kind in one; then its first 24 bytes. */
    private static final int WORDS = 4;

    private static final int BYTES_IN_ENTRY = (WORDS - 1) * Long.BYTES;

    private int[] table = new int[128];
    private long[] entries = new long[64 * WORDS];
    private FieldValue[] values = new FieldValue[64];
    private int count = 1;

    /** The rest of long values. */
    private byte[][] spellings = new byte[64][];

    private int bytes;

    boolean isLarge() {
        return count > LARGE || bytes > LARGE_BYTES;
    }

    /** All values by code; elements up to the codes given so far do not change any more. */
    FieldValue[] byCode() {
        return values;
    }

    /** The code of the value that stands between two positions; a text's quotes are not in it. */
    int code(Kind kind, byte[] text, int from, int end, boolean escaped) {
        int length = end - from;
        long first = Bytes.word(text, from, end);
        long second = length > 8 ? Bytes.word(text, from + 8, end) : 0;
        long third = length > 16 ? Bytes.word(text, from + 16, end) : 0;
        long hash = Bytes.mix(Bytes.mix(Bytes.mix(first + length) ^ second) ^ third);
        long identity = hash & 0xFFFFFFFF00000000L | (long) length << 2 | kind.ordinal();
        int place = (int) (hash >>> 32) & table.length - 1;
        for (int code = table[place]; code != 0; code = table[place]) {
            int entry = code * WORDS;
            if (entries[entry] == identity
                    && entries[entry + 1] == first
                    && entries[entry + 2] == second
                    && entries[entry + 3] == third
                    && (length <= BYTES_IN_ENTRY || isSame(code, text, from, end))) {
                return code;
            }
            place = place + 1 & table.length - 1;
        }
        int code = add(kind, text, from, end, escaped);
        entries[code * WORDS] = identity;
        entries[code * WORDS + 1] = first;
        entries[code * WORDS + 2] = second;
        entries[code * WORDS + 3] = third;
        table[place] = code;
        if (2 * count > table.length) {
            rehash();
        }
        return code;
    }

    private boolean isSame(int code, byte[] text, int from, int end) {
        return Bytes.areEqual(spellings[code], 0, text, from, end - from);
    }

    private int add(Kind kind, byte[] text, int from, int end, boolean escaped) {
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
            spellings = Arrays.copyOf(spellings, 2 * count);
            entries = Arrays.copyOf(entries, 2 * count * WORDS);
        }
        String decoded = JsonText.decode(text, from, end, escaped);
        values[count] = new FieldValue(kind, decoded, escaped && JsonText.isBad(decoded));
        if (end - from > BYTES_IN_ENTRY) {
            spellings[count] = Arrays.copyOfRange(text, from, end);
            bytes += end - from;
        }
        return count++;
    }

    private void rehash() {
        table = new int[2 * table.length];
        for (int code = 1; code < count; code++) {
            int place = (int) (entries[code * WORDS] >>> 32) & table.length - 1;
            while (table[place] != 0) {
                place = place + 1 & table.length - 1;
            }
            table[place] = code;
        }
    }
}
