package io.tidemark.event;

import java.nio.charset.StandardCharsets;

/** The characters of a JSON string whose syntax has been checked. */
final class JsonText {
    private JsonText() {}

    /** @param escaped whether there is any escape in it */
    static String decode(byte[] text, int from, int end, boolean escaped) {
        String raw = new String(text, from, end - from, StandardCharsets.UTF_8);
        return escaped ? unescape(raw) : raw;
    }

    private static String unescape(String raw) {
        StringBuilder plain = new StringBuilder(raw.length());
        int at = 0;
        while (at < raw.length()) {
            char c = raw.charAt(at++);
            if (c != '\\') {
                plain.append(c);
                continue;
            }
            char kind = raw.charAt(at++);
            switch (kind) {
                case 'b' -> plain.append('\b');
                case 'f' -> plain.append('\f');
                case 'n' -> plain.append('\n');
                case 'r' -> plain.append('\r');
                case 't' -> plain.append('\t');
                case 'u' -> {
                    plain.append((char) Integer.parseInt(raw, at, at + 4, 16));
                    at += 4;
                }
                default -> plain.append(kind);
            }
        }
        return plain.toString();
    }

    /** Whether a text holds half a surrogate pair. */
    static boolean isBad(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                boolean paired = Character.isHighSurrogate(text.charAt(i))
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!paired) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }
}
