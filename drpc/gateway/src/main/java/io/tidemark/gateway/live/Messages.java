package io.tidemark.gateway.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Makes a feed's states of the answers that were read. */
final class Messages {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Messages() {}

    static JsonNode parse(String answer) {
        try {
            return JSON.readTree(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the core's answer is no JSON: " + answer, e);
        }
    }

    /** @param before what was read last, of which readers know; null when they know nothing that still holds */
    static State state(long seq, JsonNode before, JsonNode now) {
        boolean goesOn = before != null && goesOn(before, now);
        boolean labelsChanged = before == null || !before.path("labels").equals(now.path("labels"));
        return new State(
                seq,
                wholeTail(seq, now),
                goesOn ? changes(seq, before, now) : null,
                bytes(now.path("labels")),
                labelsChanged,
                null);
    }

    /** The stream whose counts an answer has: what the name that was asked by leads to. */
    static String answeredBy(JsonNode answer) {
        return answer.path("answeredBy").asText(answer.path("stream").asText());
    }

    /**
     * Whether the counts are those from before and more: not when Redis lost writes, the stream was started over or the
     * name leads to another one.
     */
    static boolean goesOn(JsonNode before, JsonNode now) {
        JsonNode was = before.path("cut");
        JsonNode is = now.path("cut");
        if (!answeredBy(before).equals(answeredBy(now))
                || !was.path("start").equals(is.path("start"))
                || !fieldNames(before.path("counts")).equals(fieldNames(now.path("counts")))) {
            return false;
        }
        for (Map.Entry<String, JsonNode> mark : was.path("offsets").properties()) {
            if (is.path("offsets").path(mark.getKey()).asLong(-1)
                    < mark.getValue().asLong()) {
                return false;
            }
        }
        return is.path("version").asLong() >= was.path("version").asLong();
    }

    /** Whether readers need not be told: the same cut, the same refusal. */
    static boolean isSame(JsonNode before, JsonNode now) {
        return before != null
                && answeredBy(before).equals(answeredBy(now))
                && before.path("cut").path("version").equals(now.path("cut").path("version"))
                && before.path("cut").path("offsets").equals(now.path("cut").path("offsets"))
                && before.path("cut").path("start").equals(now.path("cut").path("start"))
                && before.path("accounts").equals(now.path("accounts"))
                && before.path("refused").equals(now.path("refused"));
    }

    static byte[] down(String stream, JsonNode error, String at) {
        ObjectNode message = JSON.createObjectNode();
        message.put("type", "down");
        message.put("stream", stream);
        message.put("code", error.path("code").asText());
        message.put("message", error.path("message").asText());
        message.put("at", at);
        return bytes(message);
    }

    static byte[] quiet(JsonNode newest, String at) {
        ObjectNode message = JSON.createObjectNode();
        message.put("type", "quiet");
        message.set("cut", newest.path("cut"));
        message.put("at", at);
        return bytes(message);
    }

    /** The first fields of a whole message, which differ from reader to reader. */
    static byte[] whole(State state, long missed, int retryMillis) {
        String head = "{\"type\":\"full\"," + (missed > 0 ? "\"missed\":" + missed + "," : "") + "\"retryMillis\":"
                + retryMillis + ",";
        byte[] first = head.getBytes(StandardCharsets.US_ASCII);
        byte[] message = new byte[first.length + state.wholeTail().length];
        System.arraycopy(first, 0, message, 0, first.length);
        System.arraycopy(state.wholeTail(), 0, message, first.length, state.wholeTail().length);
        return message;
    }

    private static byte[] wholeTail(long seq, JsonNode now) {
        ObjectNode message = JSON.createObjectNode();
        message.put("seq", seq);
        now.properties().forEach(field -> message.set(field.getKey(), field.getValue()));
        message.remove("query");
        byte[] whole = bytes(message);
        byte[] tail = new byte[whole.length - 1];
        System.arraycopy(whole, 1, tail, 0, tail.length);
        return tail;
    }

    private static byte[] changes(long seq, JsonNode before, JsonNode now) {
        ObjectNode message = JSON.createObjectNode();
        message.put("type", "changes");
        message.put("seq", seq);
        if (now.has("refused")) {
            message.set("refused", now.get("refused"));
        }
        message.set("cut", now.path("cut"));
        message.set("accounts", now.path("accounts"));
        ObjectNode counts = message.putObject("counts");
        now.path("counts").properties().forEach(dimension -> {
            JsonNode changed = changed(before.path("counts").path(dimension.getKey()), dimension.getValue());
            if (!changed.isEmpty()) {
                counts.set(dimension.getKey(), changed);
            }
        });
        message.set("labels", changed(before.path("labels"), now.path("labels")));
        return bytes(message);
    }

    private static ObjectNode changed(JsonNode before, JsonNode now) {
        ObjectNode changed = JSON.createObjectNode();
        now.properties().forEach(category -> {
            if (!category.getValue().equals(before.get(category.getKey()))) {
                changed.set(category.getKey(), category.getValue());
            }
        });
        return changed;
    }

    private static java.util.Set<String> fieldNames(JsonNode object) {
        java.util.Set<String> names = new java.util.HashSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static byte[] bytes(JsonNode message) {
        try {
            return JSON.writeValueAsBytes(message);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a message of texts and numbers cannot be written", e);
        }
    }
}
