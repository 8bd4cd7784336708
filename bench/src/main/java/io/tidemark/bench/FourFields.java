package io.tidemark.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/** Reads the fields of four dimensions with Jackson's streaming parser, without any of the contract's care. */
final class FourFields {
    private static final JsonFactory JSON = new JsonFactory();

    private String action;
    private String namespace;
    private String actor;
    private String login;

    /** Gives the four categories of a record, or one for what is no JSON object. */
    void parse(byte[] value, Consumer<String> category) {
        action = null;
        namespace = null;
        actor = null;
        login = "loggedin";
        if (!read(value)) {
            category.accept("action:(rejected)");
            return;
        }
        category.accept("action:" + action);
        category.accept("namespace:" + namespace);
        category.accept("actor:" + actor);
        category.accept("login:" + login);
    }

    private boolean read(byte[] value) {
        try (JsonParser parser = JSON.createParser(value)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                field(parser, name, parser.nextToken());
            }
            return true;
        } catch (JsonProcessingException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void field(JsonParser parser, String name, JsonToken token) throws IOException {
        switch (name) {
            case "type", "action" -> action = parser.getText();
            case "namespace", "ns" -> namespace = parser.getText();
            case "bot", "is_bot" -> actor = token == JsonToken.VALUE_TRUE ? "bot" : "human";
            case "is_anon" -> login = token == JsonToken.VALUE_TRUE ? "anonymous" : login;
            case "user" -> login = token == JsonToken.VALUE_STRING && parser.getTextLength() > 0 ? login : "hidden";
            default -> {}
        }
        if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
            parser.skipChildren();
        }
    }
}
