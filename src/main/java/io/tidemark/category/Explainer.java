package io.tidemark.category;

import io.tidemark.event.ChunkParser;
import io.tidemark.event.FieldValue;
import io.tidemark.event.ParsedChunk;
import io.tidemark.event.Reason;
import io.tidemark.plan.Chunk;
import io.tidemark.plan.Epochs;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.stream.FieldType;
import io.tidemark.stream.Pointer;
import io.tidemark.stream.Rule;
import io.tidemark.stream.StreamConfig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Says of single records what a stream makes of them, by the same code that counts. Used by one thread at a time. */
public final class Explainer {
    private final StreamConfig config;
    private final ChunkParser parser;
    private final RecordRules rules;
    private final TimeRules times;
    private final List<Pointer> fields;

    public Explainer(StreamConfig config) {
        this.config = config;
        parser = new ChunkParser(config);
        rules = new RecordRules(config.rules());
        times = new TimeRules(config.lateness());
        fields = List.copyOf(config.rules().fields().keySet());
    }

    /**
     * @param value of the record; may be null
     * @param timestamp of the record, in Unix milliseconds
     */
    public Explanation explain(byte[] value, long timestamp) {
        ParsedChunk parsed = parser.parse(chunk(value, timestamp));
        if (parsed.reason(0) != null) {
            return Explanation.rejected(parsed.reason(0), "");
        }
        FieldValue[] values = new FieldValue[fields.size()];
        long[] facts = new long[rules.words()];
        for (int slot = 0; slot < values.length; slot++) {
            int code = parsed.code(slot, 0);
            if (code != 0) {
                values[slot] = parsed.values(slot)[code];
                long[] own = rules.facts(slot, values[slot]);
                for (int word = 0; word < facts.length; word++) {
                    facts[word] |= own[word];
                }
            }
        }
        Verdict verdict = rules.verdict(facts);
        if (verdict.filtered()) {
            return new Explanation(Explanation.Outcome.FILTERED, null, "where says no", null, false, List.of());
        }
        if (verdict.rejected() != null) {
            return Explanation.rejected(verdict.rejected(), detail(verdict.rejected(), values));
        }
        return counted(verdict, values, times.effective(parsed.time(0), timestamp), timestamp);
    }

    private Chunk chunk(byte[] value, long timestamp) {
        Range range = new Range(0, 0, 1);
        Plan plan = new Plan(
                config.name(),
                "",
                config.fingerprint(),
                "",
                new TreeMap<>(),
                new TreeMap<>(Map.of(0, range)),
                new TreeMap<>());
        return new Chunk(plan, range, Epochs.UNKNOWN, 1, new long[] {0}, new long[] {timestamp}, new byte[][] {value});
    }

    private Explanation counted(Verdict verdict, FieldValue[] values, long time, long timestamp) {
        Instant at = Instant.ofEpochSecond(Math.floorDiv(time, 1_000_000L), Math.floorMod(time, 1_000_000L) * 1_000);
        if (times.isInFuture(time, timestamp)) {
            return Explanation.rejected(
                    Reason.TIME_IN_FUTURE,
                    "the event's time is " + at + ", the record's " + Instant.ofEpochMilli(timestamp));
        }
        List<Explanation.Given> given = new ArrayList<>();
        for (int d = 0; d < config.dimensions().size(); d++) {
            String dimension = config.dimensions().get(d).name();
            int rule = verdict.rules()[d];
            List<Rule> all = config.rules().dimensions().get(dimension).rules();
            given.add(new Explanation.Given(
                    dimension,
                    category(d, rule, values),
                    rule + 1,
                    rule < 0 ? 0 : all.get(rule).line()));
        }
        return new Explanation(Explanation.Outcome.COUNTED, null, "", at, times.isLate(time, timestamp), given);
    }

    private String category(int dimension, int rule, FieldValue[] values) {
        CategoryOf gives = rules.category(dimension, rule);
        int[] slots = gives.slots();
        FieldValue[] needed = new FieldValue[slots.length];
        for (int i = 0; i < slots.length; i++) {
            needed[i] = values[slots[i]];
        }
        return gives.of(needed);
    }

    private String detail(Reason reason, FieldValue[] values) {
        return switch (reason) {
            case WRONG_TYPE -> wrongTypes(values);
            case BAD_TEXT -> badTexts(values);
            case MISSING_FIELD -> missing(values);
            default -> "";
        };
    }

    private String wrongTypes(FieldValue[] values) {
        List<String> wrong = new ArrayList<>();
        for (int slot = 0; slot < values.length; slot++) {
            FieldType type = config.rules().fields().get(fields.get(slot));
            if (values[slot] != null && !new TestedValue(type, values[slot]).isOfType()) {
                wrong.add(fields.get(slot) + " takes " + type.label() + " but is " + shown(values[slot]));
            }
        }
        return String.join("; ", wrong);
    }

    private static String shown(FieldValue value) {
        return switch (value.kind()) {
            case TEXT -> "a text";
            case NUMBER ->
                "the number "
                        + (value.text().length() > 40 ? "of " + value.text().length() + " characters" : value.text());
            case BOOLEAN -> value.text();
            case CONTAINER -> "an object or an array";
        };
    }

    private String badTexts(FieldValue[] values) {
        List<String> bad = new ArrayList<>();
        for (int slot = 0; slot < values.length; slot++) {
            if (values[slot] != null && values[slot].isBadText()) {
                bad.add(fields.get(slot) + " has half a surrogate pair");
            }
        }
        return String.join("; ", bad);
    }

    private String missing(FieldValue[] values) {
        for (List<Pointer> group : config.rules().required()) {
            if (group.stream().allMatch(field -> values[fields.indexOf(field)] == null)) {
                return group.stream().map(Pointer::toString).collect(Collectors.joining(" or "))
                        + " is required but absent or null";
            }
        }
        return config.rules().dimensions().entrySet().stream()
                .filter(dimension -> dimension.getValue().required())
                .map(dimension ->
                        "no rule of a required dimension (" + dimension.getKey() + " or another) gives a category")
                .findFirst()
                .orElse("");
    }
}
