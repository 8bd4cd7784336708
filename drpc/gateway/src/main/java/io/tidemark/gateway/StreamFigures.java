package io.tidemark.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What Prometheus is told of the streams: read when it asks. What cannot be read is no number (NaN), never an old one or
 * zero. Thread-safe.
 */
final class StreamFigures {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_STREAMS = 100;

    private final MeterRegistry registry;
    private final Functions functions;
    private final ConcurrentMap<String, Double> values = new ConcurrentHashMap<>();

    StreamFigures(MeterRegistry registry, Functions functions) {
        this.registry = registry;
        this.functions = functions;
        gauge("tidemark.redis.up", "1 when Redis answers, else 0", Tags.empty());
    }

    /** Reads all streams anew. @param streams null when Redis is away */
    synchronized void read(Iterable<String> streams) {
        Map<String, Double> now = new HashMap<>();
        now.put(key("tidemark.redis.up", Tags.empty()), streams == null ? 0.0 : 1.0);
        if (streams != null) {
            int count = 0;
            for (String stream : streams) {
                if (count++ < MOST_STREAMS) {
                    status(stream, now);
                }
            }
        }
        values.replaceAll((key, old) -> now.getOrDefault(key, Double.NaN));
    }

    private void status(String stream, Map<String, Double> now) {
        JsonNode status;
        try {
            status = JSON.readTree(functions.ask("status", "{\"stream\":" + JSON.writeValueAsString(stream) + "}"));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the core's answer is no JSON", e);
        }
        Tags tags = Tags.of("stream", stream);
        boolean isWell =
                List.of("running", "idle").contains(status.path("state").asText());
        set(now, "tidemark.stream.up", "1 when the stream runs or is idle, else 0", tags, isWell ? 1 : 0);
        if (status.has("error")) {
            if (status.path("error").path("code").asText().equals("store-unavailable")) {
                // The names may still be those of a moment ago.
                now.put(key("tidemark.redis.up", Tags.empty()), 0.0);
            }
            return;
        }
        JsonNode cut = status.path("cut");
        set(
                now,
                "tidemark.version",
                "Version of the newest cut",
                tags,
                cut.path("version").asDouble());
        age(now, "tidemark.cut.age", "Time since the newest commit", tags, cut.path("committedAt"), cut);
        age(
                now,
                "tidemark.newest.record.age",
                "Time since the newest record that is counted",
                tags,
                cut.path("asOf"),
                cut);
        if (status.path("lagSeconds").isNumber()) {
            double seconds = status.path("lagSeconds").asDouble();
            set(now, "tidemark.lag.seconds", "How old the oldest record is that waits", tags, seconds);
        }
        status.path("lags")
                .properties()
                .forEach(lag -> set(
                        now,
                        "tidemark.lag.records",
                        "Offsets that wait to be counted",
                        tags.and("partition", lag.getKey()),
                        lag.getValue().asDouble()));
        for (String outcome : List.of("counted", "rejected", "filtered")) {
            count(
                    now,
                    "tidemark.records",
                    "Records by what became of them",
                    tags.and("outcome", outcome),
                    status.path("accounts").path(outcome).asDouble());
        }
        count(
                now,
                "tidemark.late.records",
                "Records that were too late for a bucket",
                tags,
                status.path("accounts").path("late").asDouble());
        status.path("rejected")
                .properties()
                .forEach(reason -> count(
                        now,
                        "tidemark.rejected.records",
                        "Rejected records by reason",
                        tags.and("reason", reason.getKey()),
                        reason.getValue().asDouble()));
    }

    private void age(Map<String, Double> now, String name, String what, Tags tags, JsonNode since, JsonNode cut) {
        if (since.isTextual() && cut.path("readAt").isTextual()) {
            Duration age = Duration.between(
                    Instant.parse(since.textValue()),
                    Instant.parse(cut.path("readAt").textValue()));
            set(now, name + ".seconds", what, tags, age.toMillis() / 1000.0);
        }
    }

    private void set(Map<String, Double> now, String name, String what, Tags tags, double value) {
        gauge(name, what, tags);
        now.put(key(name, tags), value);
    }

    private void gauge(String name, String what, Tags tags) {
        String key = key(name, tags);
        if (values.putIfAbsent(key, Double.NaN) == null) {
            Gauge.builder(name, () -> values.get(key))
                    .tags(tags)
                    .description(what)
                    .register(registry);
        }
    }

    private void count(Map<String, Double> now, String name, String what, Tags tags, double value) {
        String key = key(name, tags);
        if (values.putIfAbsent(key, Double.NaN) == null) {
            FunctionCounter.builder(name, values, all -> all.get(key))
                    .tags(tags)
                    .description(what)
                    .register(registry);
        }
        now.put(key, value);
    }

    private static String key(String name, Tags tags) {
        return name + tags;
    }
}
