package io.tidemark.app.show;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.app.CommandFailedException;
import io.tidemark.app.ExitCodes;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** An answer of the service, read from its JSON. */
public final class Answer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String text;
    private final JsonNode tree;

    private Answer(String text, JsonNode tree) {
        this.text = text;
        this.tree = tree;
    }

    /** @throws CommandFailedException when it is no JSON */
    public static Answer of(String text) {
        try {
            return new Answer(text, JSON.readTree(text));
        } catch (JsonProcessingException e) {
            throw new CommandFailedException(
                    ExitCodes.FAILED, "the answer cannot be understood: " + e.getOriginalMessage(), e);
        }
    }

    /** As it came. */
    public String text() {
        return text;
    }

    public JsonNode tree() {
        return tree;
    }

    public boolean isError() {
        return tree.hasNonNull("error");
    }

    public String errorCode() {
        return tree.path("error").path("code").asText("");
    }

    /** A section of an answer, which is one object or a list of them, as a list. */
    static List<JsonNode> each(JsonNode section) {
        List<JsonNode> all = new ArrayList<>();
        if (section.isObject()) {
            all.add(section);
        } else {
            section.forEach(all::add);
        }
        return all;
    }

    /** From when to when a section is: whole minutes, in UTC. */
    static String period(JsonNode section) {
        String whole = ":00.000Z";
        return "from " + section.path("from").asText().replace(whole, "Z") + " to "
                + section.path("to").asText().replace(whole, "Z");
    }

    /** What is wrong and what to do, in one or two lines. */
    public String error() {
        JsonNode error = tree.path("error");
        StringBuilder out = new StringBuilder(error.path("message").asText("an error without a message"));
        out.append(" [").append(error.path("code").asText("error")).append(']');
        if (error.path("known").isArray() && !error.path("known").isEmpty()) {
            List<String> known = new ArrayList<>();
            error.path("known").forEach(name -> known.add(name.asText()));
            out.append("\nKnown: ").append(String.join(", ", known));
        }
        return out.toString();
    }

    /** Why the stream counts no further; empty when it does. */
    public Optional<String> refusal() {
        JsonNode refused = tree.path("refused");
        return refused.isObject()
                ? Optional.of(refused.path("message").asText() + " ["
                        + refused.path("code").asText() + "]")
                : Optional.empty();
    }

    public String stream() {
        return tree.path("stream").asText("");
    }

    /** The stream whose counts these are, where the name that was asked by is an alias. */
    public Optional<String> answeredBy() {
        return tree.path("answeredBy").isTextual()
                ? Optional.of(tree.path("answeredBy").textValue())
                : Optional.empty();
    }

    /** A number of the accounts: {@code records}, {@code counted}, {@code rejected}, {@code filtered}, {@code late}. */
    public long account(String name) {
        return tree.path("accounts").path(name).asLong();
    }

    public long version() {
        return tree.path("cut").path("version").asLong();
    }

    /** The largest timestamp of a record that is counted; empty when there is none yet. */
    public Optional<Instant> asOf() {
        return instant("asOf");
    }

    /** How old the newest counted record was when this was read. */
    public Optional<Duration> age() {
        return asOf().flatMap(then -> instant("readAt").map(now -> Duration.between(then, now)));
    }

    private Optional<Instant> instant(String field) {
        JsonNode node = tree.path("cut").path(field);
        try {
            return node.isTextual() ? Optional.of(Instant.parse(node.textValue())) : Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** A category and how many events are in it. */
    public record Count(String category, long events) {}

    /** The dimensions that were answered, in their order. */
    public List<String> dimensions() {
        List<String> names = new ArrayList<>();
        tree.path("counts").fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** The categories of a dimension, the largest first. */
    public List<Count> counts(String dimension) {
        return sorted(counts(tree.path("counts").path(dimension)));
    }

    /** What was asked for, by the words that were used, in their order. */
    public List<Count> labels() {
        return counts(tree.path("labels"));
    }

    private static List<Count> counts(JsonNode object) {
        List<Count> counts = new ArrayList<>();
        object.properties()
                .forEach(field ->
                        counts.add(new Count(field.getKey(), field.getValue().asLong())));
        return counts;
    }

    private static List<Count> sorted(List<Count> counts) {
        counts.sort(Comparator.comparingLong(Count::events).reversed().thenComparing(Count::category));
        return counts;
    }
}
