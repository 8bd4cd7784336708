package io.tidemark.tally;

import io.tidemark.category.CategoryOf;
import io.tidemark.event.FieldValue;
import io.tidemark.event.ParsedChunk;
import java.util.Arrays;

/**
 * What one rule of one dimension gives, as the category's id. A rule that needs one field's value is asked once for each
 * value. Used by one thread.
 */
final class CategorySource {
    private final CategoryOf gives;
    private final DimensionCounter counter;
    private final int[] slots;
    private int[] idPlusOne = new int[1];
    private Object list;

    CategorySource(CategoryOf gives, DimensionCounter counter) {
        this.gives = gives;
        this.counter = counter;
        this.slots = gives.slots();
    }

    /** To be called before the records of a chunk. @param forget whether ids have changed their meaning */
    void begin(ParsedChunk chunk, boolean forget) {
        boolean oneField = slots.length == 1;
        Object now = oneField ? chunk.list(slots[0]) : null;
        int length = oneField ? chunk.values(slots[0]).length : 1;
        if (forget || now != list) {
            idPlusOne = new int[length];
            list = now;
        } else if (length > idPlusOne.length) {
            idPlusOne = Arrays.copyOf(idPlusOne, length);
        }
    }

    int id(ParsedChunk chunk, int record) {
        if (slots.length > 1) {
            return newId(chunk, record);
        }
        int code = slots.length == 0 ? 0 : chunk.code(slots[0], record);
        if (idPlusOne[code] == 0) {
            idPlusOne[code] = newId(chunk, record) + 1;
        }
        return idPlusOne[code] - 1;
    }

    private int newId(ParsedChunk chunk, int record) {
        FieldValue[] values = new FieldValue[slots.length];
        for (int i = 0; i < slots.length; i++) {
            values[i] = chunk.values(slots[i])[chunk.code(slots[i], record)];
        }
        return counter.categories().id(gives.of(values));
    }
}
