package io.tidemark.stream;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.tidemark.stream.FieldTypes.Use;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads what stands under {@code if} and {@code where}: a mapping of JSON pointers to tests, and of the words {@code
 * any}, {@code all}, {@code not}, {@code present}, {@code absent} to what they are about. Everything in it must hold.
 */
final class ConditionReader {
    private static final List<String> WORDS = List.of("any", "all", "not", "present", "absent", "/FIELD");
    private static final List<String> TESTS = List.of(
            "equals", "one-of", "pattern", "starts-with", "at-least", "above", "at-most", "below", "ip-address", "in");

    private final FieldTypes types;
    private final Lookups lookups;
    private final Mistakes mistakes;

    ConditionReader(FieldTypes types, Lookups lookups, Mistakes mistakes) {
        this.types = types;
        this.lookups = lookups;
        this.mistakes = mistakes;
    }

    Condition read(Node node) {
        Section section = new Section(node, "a condition", mistakes);
        List<Condition> parts = new ArrayList<>();
        for (String name : section.names()) {
            Node key = section.key(name);
            Node value = section.get(name).orElseThrow();
            if (name.startsWith("/")) {
                types.pointer(key, name).ifPresent(field -> parts.addAll(tests(field, value)));
            } else {
                switch (name) {
                    case "any" -> parts.add(new Condition.Any(several(value, name)));
                    case "all" -> parts.addAll(several(value, name));
                    case "not" -> parts.add(new Condition.Not(read(value)));
                    case "present" -> parts.addAll(present(value));
                    case "absent" ->
                        present(value).stream().map(Condition.Not::new).forEach(parts::add);
                    default -> mistakes.unknownWord(key, "condition", name, WORDS);
                }
            }
        }
        return parts.size() == 1 ? parts.get(0) : new Condition.All(parts);
    }

    private List<Condition> several(Node value, String word) {
        if (!(value instanceof SequenceNode list) || list.getValue().isEmpty()) {
            mistakes.at(value, word + " must be a list of conditions, but this is " + Section.kind(value));
            return List.of();
        }
        return list.getValue().stream().map(this::read).toList();
    }

    private List<Condition> present(Node value) {
        List<Condition> fields = new ArrayList<>();
        for (Node item : Section.items(value)) {
            field(item).ifPresent(field -> {
                types.use(field, Use.ONLY_THERE, item);
                fields.add(new Condition.Present(field));
            });
        }
        return fields;
    }

    /** A JSON pointer that stands as a value. */
    Optional<Pointer> field(Node node) {
        if (node instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)) {
            return types.pointer(node, scalar.getValue());
        }
        mistakes.at(node, "a JSON pointer such as /user must stand here, but this is " + Section.kind(node));
        return Optional.empty();
    }

    private List<Condition> tests(Pointer field, Node value) {
        List<ValueTest> tests = new ArrayList<>();
        if (!(value instanceof MappingNode)) {
            oneOf(field, value).ifPresent(tests::add);
        } else {
            Section section = new Section(value, "a test", mistakes);
            section.allow("test", TESTS);
            section.get("equals").flatMap(v -> oneOf(field, v)).ifPresent(tests::add);
            section.get("one-of").flatMap(v -> oneOf(field, v)).ifPresent(tests::add);
            section.get("pattern").flatMap(v -> pattern(field, section, v)).ifPresent(tests::add);
            section.get("starts-with").map(v -> startsWith(field, section, v)).ifPresent(tests::add);
            range(field, section).ifPresent(tests::add);
            section.get("ip-address").flatMap(v -> ipAddress(field, v)).ifPresent(tests::add);
            section.get("in").flatMap(v -> inLookup(field, v)).ifPresent(tests::add);
            if (section.names().isEmpty()) {
                mistakes.at(value, "a test of " + field + " is missing; known: " + String.join(", ", TESTS));
            }
        }
        return tests.stream()
                .<Condition>map(test -> new Condition.Passes(field, test))
                .toList();
    }

    private Optional<ValueTest> oneOf(Pointer field, Node value) {
        Set<Literal> literals = new LinkedHashSet<>();
        for (Node item : Section.items(value)) {
            literal(field, item).ifPresent(literals::add);
        }
        if (literals.isEmpty()
                && value instanceof SequenceNode list
                && list.getValue().isEmpty()) {
            mistakes.at(value, "this list is empty, so that nothing is one of it");
        }
        return literals.isEmpty() ? Optional.empty() : Optional.of(new ValueTest.OneOf(literals));
    }

    private Optional<Literal> literal(Pointer field, Node item) {
        if (!(item instanceof ScalarNode scalar)) {
            mistakes.at(
                    item,
                    field + " can be compared with text, a number, true or false, but this is " + Section.kind(item));
            return Optional.empty();
        }
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.NULL)) {
            mistakes.at(item, "null is as absent everywhere: write absent: " + field);
            return Optional.empty();
        }
        if (tag.equals(Tag.BOOL)) {
            types.use(field, Use.AS_BOOLEAN, item);
            return Optional.of(Literal.bool(Boolean.parseBoolean(scalar.getValue())));
        }
        if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            types.use(field, Use.AS_NUMBER, item);
            return decimal(item).map(Literal::number);
        }
        types.use(field, Use.AS_TEXT, item);
        return Optional.of(Literal.text(scalar.getValue()));
    }

    private Optional<Decimal> decimal(Node item) {
        String text = item instanceof ScalarNode scalar ? scalar.getValue() : "";
        try {
            return Optional.of(Decimal.of(text));
        } catch (NumberFormatException e) {
            mistakes.at(item, "a number is written as in JSON, 10, -2.5 or 1e6, but this is " + Section.kind(item));
            return Optional.empty();
        }
    }

    private Optional<ValueTest> pattern(Pointer field, Section section, Node value) {
        types.use(field, Use.AS_TEXT, value);
        return section.text(value, "pattern").flatMap(pattern -> {
            try {
                Pattern.compile(pattern);
                return Optional.of(new ValueTest.Matches(pattern));
            } catch (PatternSyntaxException e) {
                mistakes.at(
                        value,
                        "this regular expression is not right (RE2's syntax, without look-around and back references): "
                                + e.getDescription()
                                + (e.getPattern() == null ? "" : ": " + Mistakes.shown(e.getPattern())));
                return Optional.empty();
            }
        });
    }

    private ValueTest startsWith(Pointer field, Section section, Node value) {
        types.use(field, Use.AS_TEXT, value);
        List<String> prefixes = new ArrayList<>();
        Section.items(value).forEach(item -> section.text(item, "starts-with").ifPresent(prefixes::add));
        return new ValueTest.StartsWith(prefixes);
    }

    private Optional<ValueTest> range(Pointer field, Section section) {
        List<String> bounds = List.of("at-least", "above", "at-most", "below");
        if (bounds.stream().noneMatch(section.names()::contains)) {
            return Optional.empty();
        }
        Decimal[] values = new Decimal[bounds.size()];
        for (int i = 0; i < values.length; i++) {
            Optional<Node> node = section.get(bounds.get(i));
            node.ifPresent(n -> types.use(field, Use.AS_NUMBER, n));
            values[i] = node.flatMap(this::decimal).orElse(null);
        }
        boolean empty = isAbove(values[0], values[2], false)
                || isAbove(values[0], values[3], true)
                || isAbove(values[1], values[2], true)
                || isAbove(values[1], values[3], true);
        if (empty) {
            mistakes.at(section.node(), "no number lies in this range");
        }
        return Optional.of(new ValueTest.InRange(values[0], values[1], values[2], values[3]));
    }

    private static boolean isAbove(Decimal low, Decimal high, boolean orEqual) {
        return low != null && high != null && low.compareTo(high) >= (orEqual ? 0 : 1);
    }

    private Optional<ValueTest> ipAddress(Pointer field, Node value) {
        types.use(field, Use.AS_TEXT, value);
        String text = value instanceof ScalarNode scalar ? scalar.getValue() : "";
        return switch (text) {
            case "true" -> Optional.of(new ValueTest.IsIpAddress(Set.of(4, 6)));
            case "4" -> Optional.of(new ValueTest.IsIpAddress(Set.of(4)));
            case "6" -> Optional.of(new ValueTest.IsIpAddress(Set.of(6)));
            default -> {
                mistakes.at(value, "ip-address must be true, 4 or 6, but this is " + Section.kind(value));
                yield Optional.empty();
            }
        };
    }

    private Optional<ValueTest> inLookup(Pointer field, Node value) {
        return lookups.resolve(value).map(read -> {
            types.lookUp(field, read.lookup(), read.keys(), value);
            return new ValueTest.InLookup(read.lookup());
        });
    }
}
