package io.tidemark.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.cut.CoordinatorView;
import io.tidemark.cut.Cut;
import io.tidemark.cut.Reading;
import io.tidemark.plan.Range;
import io.tidemark.query.Question.Section;
import io.tidemark.stream.Category;
import io.tidemark.stream.Dimension;
import io.tidemark.stream.Refusal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Answers as JSON text. */
final class AnswerJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** Of questions and answers: fields may be added to it, never changed. */
    private static final int FORMAT = 1;

    private AnswerJson() {}

    /**
     * @param flat whether the state is all that was asked for, and stands beside the cut instead of in a field of its own
     */
    static String answer(String stream, String query, Reading reading, Asked asked, RedisMemory memory, boolean flat) {
        Map<String, Object> answer = head(stream, query, reading);
        if (asked.counts() != null) {
            Map<String, Object> counts = new LinkedHashMap<>();
            asked.counts()
                    .dimensions()
                    .forEach(d -> counts.put(d.name(), reading.counts().get(d.name())));
            answer.put("counts", counts);
            answer.put(
                    "labels",
                    asked.counts().asksForAll() ? allLabels(reading, asked.counts()) : labels(reading, asked.counts()));
        }
        put(answer, "trend", asked.trends(), trend -> trend.answer(reading));
        put(answer, "top", asked.tops(), top -> top.answer(reading));
        if (asked.question().status()) {
            Map<String, Object> status = status(reading, asked.lastMinute(), memory);
            if (flat) {
                answer.putAll(status);
            } else {
                answer.put("status", status);
            }
        }
        return text(answer);
    }

    private static <T> void put(
            Map<String, Object> answer, String name, Section<T> section, Function<T, Map<String, Object>> turn) {
        if (section != null) {
            List<Map<String, Object>> all = section.items().stream().map(turn).toList();
            answer.put(name, section.isList() ? all : all.get(0));
        }
    }

    private static Map<String, Object> status(Reading reading, Trend lastMinute, RedisMemory memory) {
        StreamState state = StreamState.of(reading);
        CoordinatorView coordinator = reading.coordinator();
        SortedMap<Integer, Long> lags = StreamState.lags(reading);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("state", state.name());
        answer.put("why", state.why());
        answer.put("rejected", reading.rejected());
        answer.put("lag", coordinator.ends().isEmpty() ? null : StreamState.lag(lags));
        answer.put("lagSeconds", coordinator.ends().isEmpty() ? null : StreamState.lagSeconds(reading));
        answer.put("lags", byText(lags));
        answer.put("ratePerSecond", lastMinute == null ? null : Math.round(10 * lastMinute.perSecond(reading)) / 10.0);
        answer.put("components", StreamState.components(reading));
        answer.put("first", byText(coordinator.first()));
        answer.put("end", byText(StreamState.ends(reading)));
        if (!coordinator.open().isEmpty()) {
            answer.put("open", byText(coordinator.open()));
        }
        if (reading.config().shards() > 1) {
            answer.put("shards", reading.config().shards());
        }
        answer.put("writer", reading.writer());
        answer.put("coordinator", writer(coordinator.writer(), coordinator.at()));
        if (coordinator.otherAt() != null) {
            answer.put("otherWriter", writer(coordinator.otherWriter(), coordinator.otherAt()));
        }
        if (!reading.capped().isEmpty()) {
            answer.put("capped", reading.capped());
        }
        if (memory != null) {
            Map<String, Object> redis = new LinkedHashMap<>();
            redis.put("usedBytes", memory.used());
            redis.put("maxBytes", memory.most());
            redis.put("policy", memory.policy());
            answer.put("redis", redis);
        }
        return answer;
    }

    /** The cut that there is, where one that goes further was asked for. */
    static String notYet(String stream, String query, Reading reading, String message) {
        Map<String, Object> answer = head(stream, query, reading);
        answer.put("error", error("not-yet", message, List.of()));
        return text(answer);
    }

    /** @param stream null when it is not known which */
    static String error(String stream, String query, String code, String message, Collection<String> known) {
        Map<String, Object> answer = new LinkedHashMap<>();
        if (stream != null) {
            answer.put("stream", stream);
        }
        answer.put("query", echoed(query));
        answer.put("error", error(code, message, known));
        return text(answer);
    }

    private static Map<String, Object> error(String code, String message, Collection<String> known) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", code);
        error.put("message", message);
        if (!known.isEmpty()) {
            error.put("known", known);
        }
        return error;
    }

    private static Map<String, Object> head(String stream, String query, Reading reading) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("stream", stream);
        if (!reading.stream().equals(stream)) {
            answer.put("answeredBy", reading.stream());
        }
        answer.put("query", echoed(query));
        Refusal refusal = StreamState.refusal(reading);
        if (refusal != null) {
            Map<String, Object> refused = new LinkedHashMap<>();
            refused.put("code", refusal.code());
            refused.put("message", refusal.message());
            answer.put("refused", refused);
        }
        answer.put("format", FORMAT);
        answer.put("cut", cut(reading.cut()));
        answer.put("accounts", reading.cut().accounts().byName());
        return answer;
    }

    private static Map<String, Object> cut(Cut cut) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("start", byText(cut.start()));
        fields.put("offsets", byText(cut.offsets()));
        fields.put("skipped", cut.skipped().stream().map(AnswerJson::range).toList());
        fields.put("version", cut.version());
        fields.put("asOf", time(cut.asOf()));
        fields.put("committedAt", time(cut.committedAt()));
        fields.put("readAt", time(cut.readAt()));
        return fields;
    }

    private static Map<String, Object> range(Range range) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("partition", range.partition());
        fields.put("first", range.first());
        fields.put("end", range.end());
        return fields;
    }

    private static Map<String, Object> writer(String name, Instant at) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("writer", name);
        fields.put("at", time(at));
        return fields;
    }

    private static Map<String, Long> labels(Reading reading, Wanted wanted) {
        Map<String, Long> labels = new LinkedHashMap<>();
        wanted.labels().forEach((word, category) -> labels.put(word, count(reading, category)));
        return labels;
    }

    /** Everything that has an alias: what has occurred, and the aliases of one category also when it has not. */
    private static Map<String, Long> allLabels(Reading reading, Wanted wanted) {
        Map<String, Long> labels = new LinkedHashMap<>();
        for (Dimension dimension : wanted.dimensions()) {
            SortedMap<String, Long> byAlias = new TreeMap<>();
            reading.counts()
                    .get(dimension.name())
                    .forEach((value, n) -> reading.config()
                            .aliases()
                            .of(new Category(dimension.name(), value))
                            .ifPresent(alias -> byAlias.put(alias, n)));
            reading.config().aliases().names().forEach((alias, category) -> {
                if (category.dimension().equals(dimension.name()) && !alias.endsWith("*")) {
                    byAlias.putIfAbsent(alias, count(reading, category));
                }
            });
            labels.putAll(byAlias);
        }
        return labels;
    }

    private static long count(Reading reading, Category category) {
        return reading.counts().get(category.dimension()).getOrDefault(category.value(), 0L);
    }

    private static Map<String, Long> byText(SortedMap<Integer, Long> byPartition) {
        Map<String, Long> fields = new LinkedHashMap<>();
        byPartition.forEach((partition, offset) -> fields.put(partition.toString(), offset));
        return fields;
    }

    static String zone(ZoneId zone) {
        return zone.getId().equals("Z") ? "UTC" : zone.getId();
    }

    static String time(Instant time) {
        return time == null ? null : TIME.format(time);
    }

    private static String echoed(String query) {
        return query == null ? "" : query;
    }

    private static String text(Map<String, Object> answer) {
        try {
            return JSON.writeValueAsString(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer of maps and numbers cannot be written", e);
        }
    }
}
