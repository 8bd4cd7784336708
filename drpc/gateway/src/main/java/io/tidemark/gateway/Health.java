package io.tidemark.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.gateway.Asking.Answered;
import io.tidemark.gateway.live.LiveFeeds;
import io.tidemark.stream.RefusedException;
import java.util.List;

/**
 * Whether this gateway can answer: {@code up}; {@code degraded} when it answers but a stream does not count or commits
 * are not told of; {@code down} (503) when it cannot. Thread-safe.
 */
final class Health {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final StreamList streams;
    private final Functions functions;
    private final LiveFeeds feeds;

    Health(StreamList streams, Functions functions, LiveFeeds feeds) {
        this.streams = streams;
        this.functions = functions;
        this.feeds = feeds;
    }

    Answered look() {
        ObjectNode health = JSON.createObjectNode().put("status", "up");
        ObjectNode components = health.putObject("components");
        ObjectNode redis = components.putObject("redis").put("status", "up");
        ObjectNode commits = components.putObject("commits").put("status", feeds.isTold() ? "up" : "degraded");
        if (!feeds.isTold()) {
            commits.put("message", "Redis does not tell of commits now; they are looked for");
            health.put("status", "degraded");
        }
        try {
            ObjectNode each = components.putObject("streams");
            for (String stream : streams.names().offered()) {
                JsonNode status = status(stream);
                boolean isWell =
                        List.of("running", "idle").contains(status.path("state").asText());
                each.putObject(stream)
                        .put("status", isWell ? "up" : "degraded")
                        .put("state", status.path("state").asText("unknown"))
                        .put(
                                "message",
                                status.path("why")
                                        .asText(status.path("error")
                                                .path("message")
                                                .asText()));
                if (status.path("error").path("code").asText().equals("store-unavailable")) {
                    throw new StoreUnavailableException(
                            status.path("error").path("message").asText(), null);
                }
                if (!isWell) {
                    health.put("status", "degraded");
                }
            }
        } catch (StoreUnavailableException e) {
            return down(health, redis, e.getMessage());
        } catch (RefusedException e) {
            return down(health, redis, e.refusal().message());
        }
        return new Answered(200, health.toString());
    }

    private static Answered down(ObjectNode health, ObjectNode redis, String why) {
        redis.put("status", "down").put("message", why);
        health.put("status", "down");
        return new Answered(503, health.toString());
    }

    private JsonNode status(String stream) {
        try {
            return JSON.readTree(functions.ask("status", "{\"stream\":" + JSON.writeValueAsString(stream) + "}"));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the core's answer is no JSON", e);
        }
    }
}
