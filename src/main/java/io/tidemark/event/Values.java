package io.tidemark.event;

import io.tidemark.event.FieldValue.Kind;
import java.util.Arrays;

/**
 * The different values of one field that a parser has met, each with a code from 1 on, so that a value that was met
 * before costs no object. It only grows; a parser begins a new one when it has become large.
 */
final class Values {
    /** Beyond so many values of a field a new list is begun with the next chunk. */
    static final int LARGE = 1 << 15;

    private int[] table = new int[64];
    private int[] hashes = new int[64];
    private FieldValue[] values = new FieldValue[64];
    private int count = 1;

    boolean isLarge() {
        return count > LARGE;
    }

    /** All values by code; elements up to the codes given so far do not change any more. */
    FieldValue[] byCode() {
        return values;
    }

    int code(Kind kind, char[] chars, int from, int length) {
        int hash = kind.ordinal();
        for (int i = from; i < from + length; i++) {
            hash = hash * 31 + chars[i];
        }
        hash ^= hash >>> 15;
        int slot = hash & table.length - 1;
        while (table[slot] != 0) {
            int code = table[slot];
            if (hashes[code] == hash && isSame(values[code], kind, chars, from, length)) {
                return code;
            }
            slot = slot + 1 & table.length - 1;
        }
        boolean bad = kind == Kind.TEXT && FieldValue.isBad(chars, from, length);
        return add(new FieldValue(kind, new String(chars, from, length), bad), hash, slot);
    }

    private static boolean isSame(FieldValue value, Kind kind, char[] chars, int from, int length) {
        String text = value.text();
        if (value.kind() != kind || text.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) != chars[from + i]) {
                return false;
            }
        }
        return true;
    }

    private int add(FieldValue value, int hash, int slot) {
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
            hashes = Arrays.copyOf(hashes, 2 * count);
        }
        int code = count++;
        values[code] = value;
        hashes[code] = hash;
        table[slot] = code;
        if (2 * count > table.length) {
            rehash();
        }
        return code;
    }

    private void rehash() {
        table = new int[2 * table.length];
        for (int code = 1; code < count; code++) {
            int slot = hashes[code] & table.length - 1;
            while (table[slot] != 0) {
                slot = slot + 1 & table.length - 1;
            }
            table[slot] = code;
        }
    }
}
