package io.tidemark.app.show;

import io.tidemark.cut.RejectedReader.Position;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;

/**
 * A rejected record.
 *
 * @param position where it is and why it was rejected
 * @param isThere whether Kafka still has it
 * @param time the record's timestamp; null when Kafka no longer has it
 * @param value null when it has none, or Kafka no longer has it
 */
public record RejectedRecord(Position position, boolean isThere, Instant time, byte[] value) {
    public static RejectedRecord found(Position position, Instant time, byte[] value) {
        return new RejectedRecord(position, true, time, value);
    }

    public static RejectedRecord gone(Position position) {
        return new RejectedRecord(position, false, null, null);
    }

    /** The first bytes as text that a terminal can show: bytes that are not UTF-8 as {@code \xff}. @param most bytes */
    String text(int most) {
        if (!isThere) {
            return "(Kafka no longer has it)";
        }
        if (value == null) {
            return "(null value)";
        }
        if (value.length == 0) {
            return "(no bytes)";
        }
        String text = Terminal.harmless(decoded(most));
        return value.length <= most ? text : text + " ... (" + Numbers.grouped(value.length) + " bytes)";
    }

    private String decoded(int most) {
        ByteBuffer in = ByteBuffer.wrap(value, 0, Math.min(most, value.length));
        CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        StringBuilder text = new StringBuilder();
        while (true) {
            CoderResult result = decoder.decode(in, out, value.length <= most);
            text.append(out.flip());
            out.clear();
            if (!result.isMalformed()) {
                // What is left is the first part of a character that was cut.
                return text.toString();
            }
            for (int i = 0; i < result.length(); i++) {
                text.append(String.format(Locale.ROOT, "\\x%02x", in.get() & 0xff));
            }
        }
    }
}
