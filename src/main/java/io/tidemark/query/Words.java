package io.tidemark.query;

import java.util.ArrayList;
import java.util.List;

/** Words are parted by white space; between double quotes it is kept, and a backslash keeps a quote or a backslash. */
final class Words {
    private Words() {}

    static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        boolean inWord = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
                inWord = true;
            } else if (quoted && c == '\\' && i + 1 < text.length() && isEscapable(text.charAt(i + 1))) {
                i++;
                word.append(text.charAt(i));
            } else if (!quoted && Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                }
                word.setLength(0);
                inWord = false;
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (quoted) {
            throw QueryException.badRequest("a double quote is not closed: " + text);
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }

    private static boolean isEscapable(char c) {
        return c == '"' || c == '\\';
    }
}
