package io.tidemark.event;

import io.tidemark.event.FieldValue.Kind;
import java.util.Arrays;

/**
 * The different values of one field that a parser has met, each with a code from 1 on, so that a value that was met
 * before costs no object. It only grows; a parser begins a new one when it has become large. Values are told apart by
 * their bytes: two spellings of one text have two codes.
 */
final class Values {
    /** Beyond so many values of a field a new list is begun with the next chunk. */
    static final int LARGE = 1 << 15;

    private int[] table = new int[128];
    private int[] hashes = new int[64];
    private byte[][] spellings = new byte[64][];
    private FieldValue[] values = new FieldValue[64];
    private int count = 1;

    boolean isLarge() {
        return count > LARGE;
    }

    /** All values by code; elements up to the codes given so far do not change any more. */
    FieldValue[] byCode() {
        return values;
    }

    /** The code of the value that stands between two positions; a text's quotes are not in it. */
    int code(Kind kind, byte[] text, int from, int end, boolean escaped) {
        int hash = Bytes.hash(text, from, end, kind.ordinal());
        int place = hash & table.length - 1;
        while (table[place] != 0) {
            int code = table[place];
            if (hashes[code] == hash
                    && values[code].kind() == kind
                    && Arrays.equals(spellings[code], 0, spellings[code].length, text, from, end)) {
                return code;
            }
            place = place + 1 & table.length - 1;
        }
        String decoded = JsonText.decode(text, from, end, escaped);
        FieldValue value = new FieldValue(kind, decoded, escaped && JsonText.isBad(decoded));
        return add(value, Arrays.copyOfRange(text, from, end), hash, place);
    }

    private int add(FieldValue value, byte[] spelling, int hash, int place) {
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
            hashes = Arrays.copyOf(hashes, 2 * count);
            spellings = Arrays.copyOf(spellings, 2 * count);
        }
        int code = count++;
        values[code] = value;
        hashes[code] = hash;
        spellings[code] = spelling;
        table[place] = code;
        if (2 * count > table.length) {
            rehash();
        }
        return code;
    }

    private void rehash() {
        table = new int[2 * table.length];
        for (int code = 1; code < count; code++) {
            int place = hashes[code] & table.length - 1;
            while (table[place] != 0) {
                place = place + 1 & table.length - 1;
            }
            table[place] = code;
        }
    }
}
