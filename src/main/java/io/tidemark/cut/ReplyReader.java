package io.tidemark.cut;

import static io.tidemark.commit.RedisConnection.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.commit.MainHash;
import io.tidemark.plan.Marks;
import io.tidemark.plan.Range;
import io.tidemark.stream.Dimension;
import io.tidemark.stream.Refusal;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.Accounts;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes a reading of what the script answered, and checks that its parts agree. */
final class ReplyReader {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String stream;
    private final StreamConfig config;

    ReplyReader(String stream, StreamConfig config) {
        this.stream = stream;
        this.config = config;
    }

    /** @param reply {cut, seconds, microseconds, main, accounts, rejected, health, count, ...} */
    Reading reading(List<?> reply, List<Dimension> dimensions) {
        Instant readAt = Instant.ofEpochSecond(number("TIME", text(reply.get(1))))
                .plusMillis(number("TIME", text(reply.get(2))) / 1_000);
        Map<String, String> main = pairs(reply.get(3));
        Accounts accounts = accounts(pairs(reply.get(4)));
        SortedMap<String, Long> rejected = counts("rejected", pairs(reply.get(5)));
        if (sum("rejected", rejected) != accounts.rejected()) {
            throw disagree("the reasons of rejection add up to", sum("rejected", rejected), accounts.rejected());
        }
        Cut cut = cut(main, accounts, readAt);
        Map<String, SortedMap<String, Long>> counts = new LinkedHashMap<>();
        for (int i = 0; i < dimensions.size(); i++) {
            String name = dimensions.get(i).name();
            SortedMap<String, Long> categories = counts(name, pairs(reply.get(7 + i)));
            if (sum(name, categories) != accounts.counted()) {
                throw disagree("dimension " + name + " adds up to", sum(name, categories), accounts.counted());
            }
            counts.put(name, categories);
        }
        return new Reading(
                config,
                cut,
                counts,
                rejected,
                main.getOrDefault("writer", ""),
                main.getOrDefault("frozen", ""),
                main.getOrDefault("capped", ""),
                coordinator(pairs(reply.get(6))));
    }

    private Cut cut(Map<String, String> main, Accounts accounts, Instant readAt) {
        Marks marks = marks(main);
        long covered = 0;
        for (Map.Entry<Integer, Long> mark : marks.next().entrySet()) {
            covered += mark.getValue() - marks.start().get(mark.getKey());
        }
        if (accounts.records() > covered) {
            throw new InconsistentException(
                    stream,
                    accounts.records() + " records are counted, but the marks stand only " + covered
                            + " offsets after their starts");
        }
        String asOf = main.getOrDefault("as-of", "");
        return new Cut(
                marks.start(),
                marks.next(),
                skipped(main.getOrDefault("skipped", "")),
                marks.version(),
                asOf.isEmpty() ? null : Instant.ofEpochMilli(number("as-of", asOf)),
                time("committed-at", main.get("committed-at")),
                readAt,
                accounts);
    }

    private Marks marks(Map<String, String> main) {
        try {
            return MainHash.marks(stream, main).orElseThrow(() -> new NotInitialisedException(stream));
        } catch (RefusedException refused) {
            if (refused.refusal().code().equals("unknown-format")) {
                throw refused;
            }
            throw new InconsistentException(stream, refused.refusal().message());
        }
    }

    private Accounts accounts(Map<String, String> fields) {
        SortedMap<String, Long> counts = counts("accounts", fields);
        try {
            return new Accounts(
                    counts.getOrDefault("records", 0L),
                    counts.getOrDefault("counted", 0L),
                    counts.getOrDefault("rejected", 0L),
                    counts.getOrDefault("filtered", 0L),
                    counts.getOrDefault("late", 0L));
        } catch (IllegalArgumentException disagreement) {
            throw new InconsistentException(stream, disagreement.getMessage());
        }
    }

    /** What it saw counts nothing: when it cannot be read, there is still a cut. */
    private CoordinatorView coordinator(Map<String, String> fields) {
        try {
            return coordinatorOf(fields);
        } catch (InconsistentException foreign) {
            return CoordinatorView.NONE;
        }
    }

    private CoordinatorView coordinatorOf(Map<String, String> fields) {
        String code = fields.getOrDefault("refusal-code", "");
        return new CoordinatorView(
                fields.getOrDefault("writer", ""),
                milliseconds(fields, "at-ms"),
                offsets(fields.getOrDefault("first", "")),
                offsets(fields.getOrDefault("ends", "")),
                milliseconds(fields, "behind-since"),
                code.isEmpty() ? null : new Refusal(code, fields.getOrDefault("refusal-message", "")),
                fields.getOrDefault("other-writer", ""),
                milliseconds(fields, "other-at"));
    }

    private Instant milliseconds(Map<String, String> fields, String name) {
        String value = fields.getOrDefault(name, "");
        return value.isEmpty() ? null : Instant.ofEpochMilli(number("health " + name, value));
    }

    private SortedMap<Integer, Long> offsets(String json) {
        SortedMap<Integer, Long> offsets = new TreeMap<>();
        if (!json.isEmpty()) {
            tree("health", json)
                    .properties()
                    .forEach(e -> offsets.put(
                            (int) number("health", e.getKey()), e.getValue().asLong()));
        }
        return offsets;
    }

    private List<Range> skipped(String json) {
        try {
            return SkippedRanges.read(json);
        } catch (IllegalArgumentException e) {
            throw new InconsistentException(stream, "skipped holds " + json + ", which are no ranges");
        }
    }

    private JsonNode tree(String field, String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new InconsistentException(stream, field + " holds " + json + ", which is not JSON");
        }
    }

    private SortedMap<String, Long> counts(String key, Map<String, String> fields) {
        SortedMap<String, Long> counts = new TreeMap<>();
        fields.forEach((name, value) -> counts.put(name, number(key + " " + name, value)));
        return counts;
    }

    private long sum(String key, SortedMap<String, Long> counts) {
        long sum = 0;
        try {
            for (long n : counts.values()) {
                sum = Math.addExact(sum, n);
            }
        } catch (ArithmeticException overflow) {
            throw new InconsistentException(stream, key + " adds up to more than 2^63");
        }
        return sum;
    }

    private InconsistentException disagree(String what, long sum, long wanted) {
        return new InconsistentException(stream, what + " " + sum + " where " + wanted + " is right");
    }

    private long number(String what, String value) {
        try {
            long number = Long.parseLong(value);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // told below, like a negative one
        }
        throw new InconsistentException(stream, what + " is " + value + ", which is no count");
    }

    private Instant time(String field, String value) {
        try {
            return Instant.parse(value == null ? "" : value);
        } catch (DateTimeParseException e) {
            throw new InconsistentException(stream, field + " is " + value + ", which is no time");
        }
    }

    private static Map<String, String> pairs(Object reply) {
        List<?> list = (List<?>) reply;
        Map<String, String> pairs = new LinkedHashMap<>();
        for (int i = 0; i < list.size(); i += 2) {
            pairs.put(text(list.get(i)), text(list.get(i + 1)));
        }
        return pairs;
    }
}
