package io.tidemark.app.feed;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Splits bytes at line feeds and changes none of them: a carriage return before the line feed stays, which JSON takes
 * for white space. What is longer than the limit is read over, so that no line can fill the memory. Not thread-safe.
 */
public final class LineReader {
    private final InputStream in;
    private final int limit;
    private final byte[] buffer = new byte[1 << 16];
    private int position;
    private int filled;
    private byte[] begun = new byte[0];
    private long length;

    /** @param limit longest line that is kept, in bytes */
    public LineReader(InputStream in, int limit) {
        this.in = in;
        this.limit = limit;
    }

    /**
     * Reads the next line; the last one need not end in a line feed.
     *
     * @return its bytes without the line feed; only the first {@code limit} of one that is longer; null at the end
     */
    public byte[] next() throws IOException {
        begun = null;
        length = 0;
        while (true) {
            if (position == filled) {
                filled = in.read(buffer);
                position = 0;
                if (filled <= 0) {
                    filled = 0;
                    return length == 0 && begun == null ? null : line();
                }
            }
            int end = position;
            while (end < filled && buffer[end] != '\n') {
                end++;
            }
            take(end);
            if (end < filled) {
                position = end + 1;
                return line();
            }
            position = end;
        }
    }

    /** How long the last line was, also beyond the limit. */
    public long length() {
        return length;
    }

    private void take(int end) {
        int count = end - position;
        int kept = begun == null ? 0 : begun.length;
        int room = Math.min(count, limit - kept);
        if (room > 0 || begun == null) {
            byte[] longer = begun == null ? new byte[Math.max(0, room)] : Arrays.copyOf(begun, kept + room);
            System.arraycopy(buffer, position, longer, kept, Math.max(0, room));
            begun = longer;
        }
        length += count;
    }

    private byte[] line() {
        return begun == null ? new byte[0] : begun;
    }

    /** Whether a line holds nothing but white space. */
    public static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }
}
