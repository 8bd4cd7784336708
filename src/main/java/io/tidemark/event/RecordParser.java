package io.tidemark.event;

import io.tidemark.event.FieldValue.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads the fields of one record after another into a table of codes. Used by one thread. */
final class RecordParser {
    private static final byte[] NOTHING = {};

    private final FieldTree tree;
    private final JsonScanner json = new JsonScanner();
    private final Values[] values;
    private final int[] seenIn;
    private final long[] times;
    private int[] codes;
    private int row;
    private int sequence;
    private boolean hasDuplicate;
    private byte[] text;

    RecordParser(FieldTree tree) {
        this.tree = tree;
        values = new Values[tree.slots()];
        seenIn = new int[tree.nodes()];
        int timeFields = 0;
        for (int slot = 0; slot < values.length; slot++) {
            values[slot] = new Values();
            timeFields = Math.max(timeFields, tree.timeOrder(slot) + 1);
        }
        times = new long[timeFields];
    }

    /** Makes room for the records of a chunk. */
    void begin(int records) {
        codes = new int[tree.slots() * records];
        for (int slot = 0; slot < values.length; slot++) {
            if (values[slot].isLarge()) {
                values[slot] = new Values();
            }
        }
    }

    /** The codes of all records' fields: those of a record together, by slot. */
    int[] codes() {
        return codes;
    }

    Values values(int slot) {
        return values[slot];
    }

    /** The event time of the record that was parsed last. */
    long time() {
        for (long time : times) {
            if (time != EventTime.NONE) {
                return time;
            }
        }
        return EventTime.NONE;
    }

    /** Reads a record into the table. @return why it has no fields, or null */
    Reason parse(byte[] value, int record) {
        row = record * values.length;
        hasDuplicate = false;
        Arrays.fill(times, EventTime.NONE);
        if (++sequence == 0) {
            Arrays.fill(seenIn, 0);
            sequence = 1;
        }
        if (value == null) {
            return Reason.NULL_VALUE;
        }
        text = value;
        json.begin(value);
        int first = json.skipBlanks(0);
        if (first == value.length) {
            return Reason.EMPTY;
        }
        if (!Utf8.isStrict(value)) {
            return Reason.NOT_UTF8;
        }
        if (value[first] != '{') {
            return notAnObject(first);
        }
        int end = object(tree.root(), first + 1, 1);
        if (end < 0) {
            return end == JsonScanner.TOO_DEEP ? Reason.TOO_DEEP : Reason.NOT_JSON;
        }
        if (json.skipBlanks(end) != value.length) {
            return Reason.TRAILING_DATA;
        }
        return hasDuplicate ? Reason.DUPLICATE_KEY : null;
    }

    /**
     * Does the record begin with a complete JSON value of another kind? What follows that value is not looked at: {@code
     * 42abc}, {@code truefoo} and {@code 01} begin with one, {@code -} and {@code tick} do not.
     */
    private Reason notAnObject(int first) {
        int digit = text[first] == '-' ? first + 1 : first;
        if (JsonScanner.isDigit(json.at(digit))) {
            return Reason.NOT_AN_OBJECT;
        }
        int end = json.valueEnd(first, 0);
        if (end == JsonScanner.TOO_DEEP) {
            return Reason.TOO_DEEP;
        }
        return end < 0 ? Reason.NOT_JSON : Reason.NOT_AN_OBJECT;
    }

    /**
     * Reads an object whose fields matter.
     *
     * @param from behind its opening brace
     * @param depth how many objects are open, this one included
     * @return one past its closing brace, or why there is none
     */
    private int object(FieldTree.Node node, int from, int depth) {
        int at = json.skipBlanks(from);
        if (json.at(at) == '}') {
            return at + 1;
        }
        while (json.at(at) == '"') {
            int end = json.stringEnd(at + 1);
            if (end < 0) {
                return end;
            }
            FieldTree.Node child =
                    json.wasEscaped() ? childOfEscaped(node, at + 1, end) : node.child(text, at + 1, end);
            at = json.valueStart(end + 1);
            if (at < 0) {
                return at;
            }
            at = child == null ? json.valueEnd(at, depth) : field(child, at, depth);
            if (at < 0) {
                return at;
            }
            at = json.skipBlanks(at);
            byte next = json.at(at);
            if (next == '}') {
                return at + 1;
            }
            if (next != ',') {
                return JsonScanner.NOT_JSON;
            }
            at = json.skipBlanks(at + 1);
        }
        return JsonScanner.NOT_JSON;
    }

    private FieldTree.Node childOfEscaped(FieldTree.Node node, int from, int end) {
        String name = JsonText.decode(text, from, end, true);
        byte[] plain = name.getBytes(StandardCharsets.UTF_8);
        return JsonText.isBad(name) ? null : node.child(plain, 0, plain.length);
    }

    private int field(FieldTree.Node node, int at, int depth) {
        if (seenIn[node.id()] == sequence) {
            hasDuplicate = true;
        }
        seenIn[node.id()] = sequence;
        byte first = json.at(at);
        if (first == '{' && node.leads()) {
            if (node.slot() >= 0) {
                codes[row + node.slot()] = values[node.slot()].code(Kind.CONTAINER, NOTHING, 0, 0, false);
            }
            return depth == JsonScanner.DEEPEST ? JsonScanner.TOO_DEEP : object(node, at + 1, depth + 1);
        }
        int end = json.valueEnd(at, depth);
        if (end >= 0 && first != 'n' && node.slot() >= 0) {
            codes[row + node.slot()] = code(node.slot(), first, at, end);
        }
        return end;
    }

    /** The code of the value between two positions, whose syntax has been checked. */
    private int code(int slot, byte first, int from, int end) {
        boolean kept = tree.isKept(slot);
        return switch (first) {
            case '"' -> text(slot, kept, from + 1, end - 1);
            case '{', '[' -> values[slot].code(Kind.CONTAINER, NOTHING, 0, 0, false);
            case 't', 'f' -> values[slot].code(Kind.BOOLEAN, text, from, kept ? end : from, false);
            default -> number(slot, kept, from, end);
        };
    }

    private int text(int slot, boolean kept, int from, int end) {
        boolean escaped = json.wasEscaped();
        int order = tree.timeOrder(slot);
        if (order >= 0) {
            times[order] = escaped ? timeOfEscaped(from, end) : EventTime.ofText(text, from, end);
        }
        // What is only tested for presence is not kept, unless it has escapes: it could be bad text.
        return values[slot].code(Kind.TEXT, text, from, kept || escaped ? end : from, escaped);
    }

    private long timeOfEscaped(int from, int end) {
        byte[] plain = JsonText.decode(text, from, end, true).getBytes(StandardCharsets.UTF_8);
        return EventTime.ofText(plain, 0, plain.length);
    }

    private int number(int slot, boolean kept, int from, int end) {
        int order = tree.timeOrder(slot);
        if (order >= 0) {
            times[order] = EventTime.ofNumber(text, from, end);
        }
        return values[slot].code(Kind.NUMBER, text, from, kept ? end : from, false);
    }
}
