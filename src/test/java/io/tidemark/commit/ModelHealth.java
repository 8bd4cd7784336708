package io.tidemark.commit;

import io.tidemark.commit.ModelRedis.Kind;
import io.tidemark.commit.ModelRedis.Value;
import io.tidemark.stream.Refusal;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the coordinator and other tasks say of a stream, in the model of the store. Used by one thread. */
final class ModelHealth {
    private final ModelRedis redis;
    private final StreamKeys keys;

    ModelHealth(ModelRedis redis, StreamKeys keys) {
        this.redis = redis;
        this.keys = keys;
    }

    void report(Health health) {
        String now = Long.toString(redis.now());
        SortedMap<String, String> fields = fields();
        SortedMap<String, String> main = main();
        String writer = fields.get("writer");
        String saidAt = fields.getOrDefault("at-ms", "");
        boolean timed = saidAt.matches("\\d{1,18}");
        boolean same = health.writer().equals(writer);
        if (writer != null && !same && timed && isYoung(saidAt, RedisStore.WRITER_ALIVE.toMillis() - 1)) {
            fields.put("other-writer", writer);
            fields.put("other-at", now);
        }
        if (same && timed && health.refusal() == null && main != null) {
            noteIdle(health, main, saidAt);
        }
        String version = versionOf(main);
        boolean behind = health.endOffsets().entrySet().stream()
                .anyMatch(end -> health.open().getOrDefault(end.getKey(), end.getValue()) > markOf(main, end.getKey()));
        boolean moved = !version.equals(fields.get("behind-version"));
        if (!behind) {
            fields.put("behind-since", "");
        } else if (fields.getOrDefault("behind-since", "").isEmpty() || moved) {
            fields.put("behind-since", now);
        }
        fields.put("behind-version", version);
        fields.put("writer", health.writer());
        fields.put("at", Instant.ofEpochMilli(Long.parseLong(now)).toString());
        fields.put("at-ms", now);
        fields.put("first", Json.ofOffsets(health.firstOffsets()));
        fields.put("ends", Json.ofOffsets(health.endOffsets()));
        fields.put("open", Json.ofOffsets(health.open()));
        fields.put(
                "timestamps",
                health.endOffsets().isEmpty() ? "" : health.brokerTimes() ? "LogAppendTime" : "CreateTime");
        fields.put(
                "refusal-code", health.refusal() == null ? "" : health.refusal().code());
        fields.put(
                "refusal-message",
                health.refusal() == null ? "" : health.refusal().message());
        keep(fields);
    }

    void tell(Refusal refusal) {
        SortedMap<String, String> fields = fields();
        fields.put("told-code", refusal.code());
        fields.put("told-message", refusal.message());
        fields.put("told-ms", Long.toString(redis.now()));
        fields.put("told-version", versionOf(main()));
        keep(fields);
    }

    Optional<Refusal> told() {
        SortedMap<String, String> fields = fields();
        String at = fields.getOrDefault("told-ms", "");
        boolean holds = at.matches("\\d{1,18}")
                && isYoung(at, RedisStore.TOLD_HOLDS.toMillis())
                && versionOf(main()).equals(fields.get("told-version"));
        return holds ? Optional.of(new Refusal(fields.get("told-code"), fields.get("told-message"))) : Optional.empty();
    }

    /** @param name of the set of counts that is to come */
    void startOver(String name) {
        SortedMap<String, String> fields = fields();
        fields.put("started-over-as", name);
        keep(fields);
    }

    Optional<String> startedOverAs() {
        return Optional.ofNullable(fields().get("started-over-as"));
    }

    private void noteIdle(Health health, SortedMap<String, String> main, String saidAt) {
        SortedMap<String, String> noted = new TreeMap<>(main);
        health.endOffsets().forEach((partition, end) -> {
            if (health.open().getOrDefault(partition, end) == markOf(main, partition)) {
                noted.put("idle:" + partition, saidAt);
            }
        });
        redis.keys().put(keys.main(), new Value(Kind.HASH, noted));
    }

    private boolean isYoung(String at, long most) {
        return redis.now() - Long.parseLong(at) <= most;
    }

    private static long markOf(Map<String, String> main, int partition) {
        return main == null ? 0 : Long.parseLong(main.getOrDefault("mark:" + partition, "0"));
    }

    private static String versionOf(Map<String, String> main) {
        return main == null ? "" : main.getOrDefault("version", "");
    }

    /** Null when there is no stream. */
    private SortedMap<String, String> main() {
        Value main = redis.keys().get(keys.main());
        return main == null || main.kind() != Kind.HASH ? null : main.fields();
    }

    private SortedMap<String, String> fields() {
        Value health = redis.keys().get(keys.health());
        return health == null ? new TreeMap<>() : new TreeMap<>(health.fields());
    }

    private void keep(SortedMap<String, String> fields) {
        redis.keys().put(keys.health(), new Value(Kind.HASH, fields));
    }
}
