package io.tidemark.gateway;

import java.util.List;
import org.eclipse.jetty.util.Fields;

/**
 * A question of a request.
 *
 * @param function {@code counts}, {@code trend}, {@code top}, {@code status} or {@code ask}
 * @param arguments words or JSON, for the core to read
 */
record Question(String function, String arguments) {
    static final List<String> FUNCTIONS = List.of("counts", "trend", "top", "status", "ask");

    /**
     * The question of a GET: its parameters as words.
     *
     * @throws IllegalArgumentException when one of them can be no word, saying what was expected
     */
    static Question of(String function, Fields parameters) {
        StringBuilder words = new StringBuilder();
        for (Fields.Field field : parameters) {
            if (!field.getName().equals("wait")) {
                field.getValues().forEach(value -> append(words, field.getName(), value));
            }
        }
        return new Question(function, words.toString());
    }

    private static void append(StringBuilder words, String name, String value) {
        String word = switch (name) {
            case "q" -> value;
            case "of" -> quoted(something(value));
            case "total" -> flag(value) ? "total" : "";
            default -> quoted(name + "=" + value);
        };
        words.append(words.isEmpty() || word.isEmpty() ? "" : " ").append(word);
    }

    private static String something(String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException(
                    "of= is empty: expected a dimension, a category or an alias, like of=page");
        }
        return value;
    }

    private static boolean flag(String value) {
        return switch (value) {
            case "true", "" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("total=" + value + ": expected true or false");
        };
    }

    /** One word, whatever it holds. */
    private static String quoted(String word) {
        boolean plain = word.chars().noneMatch(c -> Character.isWhitespace(c) || c == '"' || c == '\\');
        return plain ? word : '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
