package io.tidemark.gateway;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Errors as JSON, in the shape of the core's, and the HTTP status of each. */
final class Errors {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Errors() {}

    static String json(String code, String message) {
        ObjectNode answer = JSON.createObjectNode();
        answer.putObject("error").put("code", code).put("message", message);
        return answer.toString();
    }

    /** The HTTP status of an error of the core. */
    static int status(String code) {
        return switch (code) {
            case "unknown-stream" -> 404;
            case "not-yet" -> 409;
            case "store-unavailable", "not-initialised", "inconsistent" -> 503;
            case "internal" -> 500;
            case "not-permitted", "redis-error", "redis-cluster", "unknown-format", "mark-lost", "foreign-value" -> 503;
            default -> 400;
        };
    }
}
