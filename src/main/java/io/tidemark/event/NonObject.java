package io.tidemark.event;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Judges a record that does not begin with an object: does it begin with a complete JSON value of another kind? What
 * follows that value is not looked at: {@code 42abc}, {@code truefoo} and {@code 01} begin with one, {@code -} and
 * {@code tick} do not.
 */
final class NonObject {
    private NonObject() {}

    /** @param first where the record's first byte that is no white space stands */
    static Reason judge(byte[] value, int first, JsonFactory json, int deepest) {
        return switch (value[first]) {
            case '[', '"' -> container(value, json, deepest);
            case 't' -> literal(value, first, "true");
            case 'f' -> literal(value, first, "false");
            case 'n' -> literal(value, first, "null");
            case '-' -> first + 1 < value.length && isDigit(value[first + 1]) ? Reason.NOT_AN_OBJECT : Reason.NOT_JSON;
            default -> isDigit(value[first]) ? Reason.NOT_AN_OBJECT : Reason.NOT_JSON;
        };
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static Reason literal(byte[] value, int first, String word) {
        String begins =
                new String(value, first, Math.min(word.length(), value.length - first), StandardCharsets.ISO_8859_1);
        return begins.equals(word) ? Reason.NOT_AN_OBJECT : Reason.NOT_JSON;
    }

    private static Reason container(byte[] value, JsonFactory json, int deepest) {
        try (JsonParser parser = json.createParser(value)) {
            int open = 0;
            do {
                JsonToken token = parser.nextToken();
                if (token.isStructStart() && ++open > deepest) {
                    return Reason.TOO_DEEP;
                }
                if (token.isStructEnd()) {
                    open--;
                }
                parser.finishToken();
            } while (open > 0);
            return Reason.NOT_AN_OBJECT;
        } catch (JacksonException e) {
            return Reason.NOT_JSON;
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
    }
}
