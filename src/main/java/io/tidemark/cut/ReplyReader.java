package io.tidemark.cut;

import static io.tidemark.commit.RedisConnection.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.commit.MainHash;
import io.tidemark.cut.Progress.BucketState;
import io.tidemark.plan.Marks;
import io.tidemark.plan.Range;
import io.tidemark.stream.Dimension;
import io.tidemark.stream.Refusal;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.Accounts;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Makes a reading of what the script answered, and checks that its parts agree. */
final class ReplyReader {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String stream;
    private final StreamConfig config;

    ReplyReader(String stream, StreamConfig config) {
        this.stream = stream;
        this.config = config;
    }

    /** Redis's clock in a reply {@code {.., seconds, microseconds, ..}}. */
    Instant time(List<?> reply) {
        return Instant.ofEpochSecond(number("TIME", text(reply.get(1))))
                .plusMillis(number("TIME", text(reply.get(2))) / 1_000);
    }

    /** Of the only shard. @param reply as for {@link #reading} */
    JoinedReading.Part only(List<?> reply, Wish wish) {
        return new JoinedReading.Part(reading(reply, wish), null);
    }

    /** Of one shard of several. @param reply as for {@link #reading} */
    JoinedReading.Part part(List<?> reply, Wish wish) {
        return new JoinedReading.Part(reading(reply, wish), marks(pairs(reply.get(3))));
    }

    /** @param reply {cut, seconds, microseconds, main, accounts, rejected, health, answer, ...} */
    Reading reading(List<?> reply, Wish wish) {
        Instant readAt = time(reply);
        Map<String, String> main = pairs(reply.get(3));
        Accounts accounts = accounts(pairs(reply.get(4)));
        Map<String, String> health = pairs(reply.get(6));
        SortedMap<String, Long> rejected = counts("rejected", pairs(reply.get(5)));
        if (sum("rejected", rejected) != accounts.rejected()) {
            throw disagree("the reasons of rejection add up to", sum("rejected", rejected), accounts.rejected());
        }
        Cut cut = cut(main, accounts, readAt);
        Map<String, SortedMap<String, Long>> counts = new LinkedHashMap<>();
        Iterator<?> answers = reply.subList(7, reply.size()).iterator();
        for (Dimension dimension : wish.totals()) {
            String name = dimension.name();
            SortedMap<String, Long> categories = counts(name, pairs(answers.next()));
            if (sum(name, categories) != accounts.counted()) {
                throw disagree("dimension " + name + " adds up to", sum(name, categories), accounts.counted());
            }
            counts.put(name, categories);
        }
        Map<Span, SortedMap<Long, SortedMap<String, Long>>> spans = new LinkedHashMap<>();
        wish.spans().forEach(span -> spans.put(span, buckets(span, (List<?>) answers.next())));
        Progress progress = progress(main, cut, health);
        checkAgree(spans, progress);
        Map<Ranking, Ranked> rankings = new LinkedHashMap<>();
        wish.rankings().forEach(ranking -> rankings.put(ranking, ranked(ranking, (List<?>) answers.next())));
        return new Reading(
                stream,
                config,
                cut,
                counts,
                spans,
                rankings,
                progress,
                rejected,
                main.getOrDefault("writer", ""),
                main.getOrDefault("frozen", ""),
                main.getOrDefault("capped", ""),
                coordinator(health));
    }

    private SortedMap<Long, SortedMap<String, Long>> buckets(Span span, List<?> reply) {
        SortedMap<Long, SortedMap<String, Long>> buckets = new TreeMap<>();
        for (int i = 0; i < reply.size(); i += 2) {
            String bucket = text(reply.get(i));
            String name = span.size().label() + ":" + span.dimension().name() + ":" + bucket;
            long start = span.size()
                    .parse(bucket)
                    .orElseThrow(
                            () -> new InconsistentException(stream, "buckets holds " + bucket + ", which is none"));
            buckets.put(start, counts(name, pairs(reply.get(i + 1))));
        }
        return buckets;
    }

    /** In a bucket that is not gone, every dimension that was read whole has the same sum. */
    private void checkAgree(Map<Span, SortedMap<Long, SortedMap<String, Long>>> spans, Progress progress) {
        Map<Span, Span> before = new HashMap<>();
        for (Span span : spans.keySet()) {
            if (span.categories().isEmpty()) {
                Span buckets = new Span(config.dimensions().get(0), span.size(), span.from(), span.to(), List.of());
                Span other = before.putIfAbsent(buckets, span);
                if (other != null) {
                    checkAgree(other, spans.get(other), span, spans.get(span), progress);
                }
            }
        }
    }

    private void checkAgree(
            Span one,
            SortedMap<Long, SortedMap<String, Long>> ones,
            Span other,
            SortedMap<Long, SortedMap<String, Long>> others,
            Progress progress) {
        Set<Long> starts = new TreeSet<>(ones.keySet());
        starts.addAll(others.keySet());
        for (long start : starts) {
            String bucket = one.size().label() + " " + one.size().format(start);
            long sum = sum(bucket, ones.getOrDefault(start, new TreeMap<>()));
            long otherSum = sum(bucket, others.getOrDefault(start, new TreeMap<>()));
            if (sum != otherSum
                    && progress.state(config, one.size(), start + one.size().seconds()) != BucketState.GONE) {
                throw new InconsistentException(
                        stream,
                        "in " + bucket + " dimension " + one.dimension().name() + " adds up to " + sum + ", "
                                + other.dimension().name() + " to " + otherSum);
            }
        }
    }

    private Ranked ranked(Ranking ranking, List<?> reply) {
        String name = "ranking of " + ranking.dimension().name();
        Map<String, Long> largest = new LinkedHashMap<>();
        pairs(reply.get(2)).forEach((value, count) -> largest.put(value, number(name, count)));
        List<?> sums = (List<?>) reply.get(3);
        Map<String, Long> lookedUp = new HashMap<>();
        for (int i = 0; i < sums.size(); i++) {
            lookedUp.put(ranking.also().get(i), number(name, text(sums.get(i))));
        }
        return new Ranked(largest, counts(name, pairs(reply.get(1))), number(name, text(reply.get(0))), lookedUp);
    }

    private Progress progress(Map<String, String> main, Cut cut, Map<String, String> health) {
        SortedMap<Integer, Instant> asOf = new TreeMap<>();
        SortedMap<Integer, Instant> idleAt = new TreeMap<>();
        for (int partition : cut.offsets().keySet()) {
            String counted = main.getOrDefault("as-of:" + partition, "");
            if (!counted.isEmpty()) {
                asOf.put(partition, Instant.ofEpochMilli(number("as-of:" + partition, counted)));
            }
            String idle = main.getOrDefault("idle:" + partition, "");
            if (!idle.isEmpty()) {
                idleAt.put(partition, Instant.ofEpochMilli(number("idle:" + partition, idle)));
            }
        }
        Instant clock = Instant.ofEpochMilli(number("clock", main.getOrDefault("clock", "0")));
        Instant now = cut.asOf() == null || cut.readAt().isBefore(cut.asOf()) ? cut.readAt() : cut.asOf();
        boolean brokerTimes = "LogAppendTime".equals(health.get("timestamps"));
        return new Progress(
                asOf,
                idleAt,
                cut.offsets().keySet(),
                cut.asOf() == null || clock.isAfter(now) ? clock : now,
                brokerTimes);
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
                offsets(fields.getOrDefault("open", "")),
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
