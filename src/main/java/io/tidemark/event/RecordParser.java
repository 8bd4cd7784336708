package io.tidemark.event;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.tidemark.event.FieldValue.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** Reads the fields of one record after another into columns. Used by one thread. */
final class RecordParser {
    /** Objects and arrays may be nested so deep. */
    private static final int DEEPEST = 1_000;

    private static final char[] NO_CHARS = {};
    private static final char[] TRUE = {'t', 'r', 'u', 'e'};
    private static final char[] FALSE = {'f', 'a', 'l', 's', 'e'};

    private final FieldTree tree;
    private final JsonFactory json;
    private final Values[] values;
    private final int[] seenIn;
    private final long[] timeOf;
    private int[][] codes;
    private int record;
    private int sequence;
    private boolean hasDuplicate;
    private JsonParser parser;

    RecordParser(FieldTree tree) {
        this.tree = tree;
        // What a record becomes must not depend on a parser's limits or on the records before it, so there are none but
        // the depth, which is counted here.
        json = JsonFactory.builder()
                .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(Integer.MAX_VALUE)
                        .maxNumberLength(Integer.MAX_VALUE)
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNameLength(Integer.MAX_VALUE)
                        .build())
                .build();
        values = new Values[tree.slots()];
        seenIn = new int[tree.nodes()];
        timeOf = new long[tree.slots()];
        for (int slot = 0; slot < values.length; slot++) {
            values[slot] = new Values();
        }
    }

    /** Makes room for the records of a chunk. */
    void begin(int records) {
        codes = new int[tree.slots()][records];
        for (int slot = 0; slot < values.length; slot++) {
            if (values[slot].isLarge()) {
                values[slot] = new Values();
            }
        }
    }

    int[][] codes() {
        return codes;
    }

    Values values(int slot) {
        return values[slot];
    }

    /** The event time of the record that was parsed last. */
    long time() {
        long time = EventTime.NONE;
        int order = Integer.MAX_VALUE;
        for (int slot = 0; slot < timeOf.length; slot++) {
            if (timeOf[slot] != EventTime.NONE && tree.timeOrder(slot) < order) {
                time = timeOf[slot];
                order = tree.timeOrder(slot);
            }
        }
        return time;
    }

    /** Reads a record into the columns' place. @return why it has no fields, or null */
    Reason parse(byte[] value, int place) {
        record = place;
        sequence++;
        hasDuplicate = false;
        Arrays.fill(timeOf, EventTime.NONE);
        if (value == null) {
            return Reason.NULL_VALUE;
        }
        int first = firstByte(value);
        if (first < 0) {
            return Reason.EMPTY;
        }
        if (!Utf8.isStrict(value)) {
            return Reason.NOT_UTF8;
        }
        if (value[first] != '{') {
            return NonObject.judge(value, first, json, DEEPEST);
        }
        Reason reason = object(value);
        return reason == null && hasDuplicate ? Reason.DUPLICATE_KEY : reason;
    }

    private static int firstByte(byte[] value) {
        for (int i = 0; i < value.length; i++) {
            byte b = value[i];
            if (b != ' ' && b != '\n' && b != '\t' && b != '\r') {
                return i;
            }
        }
        return -1;
    }

    private Reason object(byte[] value) {
        boolean complete = false;
        try (JsonParser opened = json.createParser(value)) {
            parser = opened;
            parser.nextToken();
            if (!fields(tree.root(), 1)) {
                return Reason.TOO_DEEP;
            }
            complete = true;
            return parser.nextToken() == null ? null : Reason.TRAILING_DATA;
        } catch (JacksonException e) {
            return complete ? Reason.TRAILING_DATA : Reason.NOT_JSON;
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
    }

    /** Reads the fields of an object that has been opened. @return false when it is too deep */
    private boolean fields(FieldTree.Node node, int depth) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            FieldTree.Node child = node.children().get(parser.currentName());
            JsonToken token = parser.nextToken();
            if (!(child == null ? skip(token, depth) : field(child, token, depth))) {
                return false;
            }
        }
        return true;
    }

    private boolean field(FieldTree.Node node, JsonToken token, int depth) throws IOException {
        if (seenIn[node.id()] == sequence) {
            hasDuplicate = true;
        }
        seenIn[node.id()] = sequence;
        if (node.slot() >= 0 && token != JsonToken.VALUE_NULL) {
            codes[node.slot()][record] = code(node.slot(), token);
        }
        if (token == JsonToken.START_OBJECT && !node.children().isEmpty()) {
            return depth < DEEPEST && fields(node, depth + 1);
        }
        return skip(token, depth);
    }

    private int code(int slot, JsonToken token) throws IOException {
        boolean kept = tree.isKept(slot);
        return switch (token) {
            case VALUE_STRING -> text(slot, kept);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(slot, kept);
            case VALUE_TRUE -> values[slot].code(Kind.BOOLEAN, TRUE, 0, kept ? TRUE.length : 0);
            case VALUE_FALSE -> values[slot].code(Kind.BOOLEAN, FALSE, 0, kept ? FALSE.length : 0);
            default -> values[slot].code(Kind.CONTAINER, NO_CHARS, 0, 0);
        };
    }

    private int text(int slot, boolean kept) throws IOException {
        char[] chars = parser.getTextCharacters();
        int from = parser.getTextOffset();
        int length = parser.getTextLength();
        if (tree.timeOrder(slot) >= 0) {
            timeOf[slot] = EventTime.ofText(chars, from, length);
        }
        if (kept || FieldValue.isBad(chars, from, length)) {
            return values[slot].code(Kind.TEXT, chars, from, length);
        }
        return values[slot].code(Kind.TEXT, NO_CHARS, 0, 0);
    }

    private int number(int slot, boolean kept) throws IOException {
        char[] chars = parser.getTextCharacters();
        int from = parser.getTextOffset();
        int length = parser.getTextLength();
        if (tree.timeOrder(slot) >= 0) {
            timeOf[slot] = EventTime.ofNumber(chars, from, length);
        }
        return values[slot].code(Kind.NUMBER, chars, from, kept ? length : 0);
    }

    /** Passes over a value that has been begun. @return false when it is too deep */
    private boolean skip(JsonToken token, int depth) throws IOException {
        if (!token.isStructStart()) {
            return true;
        }
        int open = depth;
        JsonToken next = token;
        while (true) {
            if (next.isStructStart()) {
                if (++open > DEEPEST) {
                    return false;
                }
            } else if (next.isStructEnd() && --open == depth) {
                return true;
            }
            next = parser.nextToken();
        }
    }
}
