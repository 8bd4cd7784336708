package io.tidemark.query;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A question as it came, taken apart: either words ({@code bot "namespace:User talk" stream=wiki}) or JSON
 * ({@code {"stream": "wiki", "counts": ["bot"]}}). What the words mean depends on the stream.
 *
 * @param stream name of the stream; null when it was not said
 * @param words without quotes, in the order of asking
 */
record Request(String stream, List<String> words) {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final String STREAM = "stream=";

    /** A question longer than this is none. */
    private static final int MOST_CHARACTERS = 100_000;

    Request {
        words = List.copyOf(words);
    }

    /**
     * @param arguments null is as good as empty
     * @param list the field of the JSON form that holds the words
     */
    static Request parse(String arguments, String list) {
        String text = arguments == null ? "" : arguments.strip();
        if (text.length() > MOST_CHARACTERS) {
            throw QueryException.badRequest(
                    "the question has " + text.length() + " characters; at most " + MOST_CHARACTERS + " are read");
        }
        return text.startsWith("{") ? ofJson(text, list) : ofWords(text);
    }

    private static Request ofJson(String text, String list) {
        JsonNode tree;
        try {
            tree = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw QueryException.badRequest("the question is not JSON: " + e.getOriginalMessage());
        }
        String stream = null;
        List<String> words = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : tree.properties()) {
            JsonNode value = field.getValue();
            if (field.getKey().equals("stream") && value.isTextual()) {
                stream = value.textValue();
            } else if (field.getKey().equals(list) && value.isArray()) {
                value.forEach(word -> words.add(word(word, list)));
            } else {
                throw QueryException.badRequest("field \"" + field.getKey() + "\" with the value " + value
                        + ": expected \"stream\" with a text, or \"" + list + "\" with a list of texts");
            }
        }
        return new Request(stream, words);
    }

    private static String word(JsonNode word, String list) {
        if (!word.isTextual() || word.textValue().isEmpty()) {
            throw QueryException.badRequest("\"" + list + "\" holds " + word + ": expected texts like \"actor:bot\"");
        }
        return word.textValue();
    }

    private static Request ofWords(String text) {
        String stream = null;
        List<String> words = new ArrayList<>();
        for (String word : split(text)) {
            if (!word.startsWith(STREAM)) {
                words.add(word);
            } else if (stream == null) {
                stream = word.substring(STREAM.length());
            } else {
                throw QueryException.badRequest("two streams in one question: " + stream + " and "
                        + word.substring(STREAM.length()) + "; ask one after the other");
            }
        }
        return new Request(stream, words);
    }

    /** Words are parted by white space; between double quotes it is kept, and a backslash keeps a quote or a backslash. */
    private static List<String> split(String text) {
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
