package io.tidemark.oracle;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * An event and what must become of it.
 *
 * @param bytes of the record's value; null for a record without value. Not to be changed
 * @param label what must become of it
 * @param how it was made, for messages
 */
public record LabelledEvent(byte[] bytes, Label label, String how) {
    public LabelledEvent {
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(how, "how");
    }

    /** Whether a file of lines can hold it: one line that is not blank, and none of its bytes ends a line. */
    public boolean fitsOnALine() {
        if (bytes == null || bytes.length == 0 || bytes[bytes.length - 1] == '\r') {
            return false;
        }
        boolean blank = true;
        for (byte b : bytes) {
            if (b == '\n') {
                return false;
            }
            blank &= b == ' ' || b == '\t' || b == '\r' || b == '\f' || b == 0x0b;
        }
        return !blank;
    }

    @Override
    public String toString() {
        String text = bytes == null ? "(no value)" : new String(bytes, StandardCharsets.UTF_8);
        return how + " -> " + label + "\n  " + (text.length() > 2_000 ? text.substring(0, 2_000) + "..." : text);
    }
}
