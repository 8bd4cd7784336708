package io.tidemark.stream;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Which values each field takes: as declared under {@code types}, else as its uses say. A field that is used in two
 * ways that cannot both be right is a mistake.
 */
final class FieldTypes {
    /** How a rule uses a field. */
    enum Use {
        AS_TEXT("is compared with text", FieldType.TEXT),
        AS_NUMBER("is compared with a number", FieldType.NUMBER),
        AS_BOOLEAN("is compared with true or false", FieldType.BOOLEAN),
        AS_CATEGORY("gives a category", null),
        IN_LOOKUP("is looked up", null),
        ONLY_THERE("is only tested for presence or read as a time", null);

        private final String words;
        private final FieldType wants;

        Use(String words, FieldType wants) {
            this.words = words;
            this.wants = wants;
        }
    }

    private record Seen(Use use, Node node, Lookup lookup, FieldType keys) {}

    private final Map<Pointer, List<Seen>> uses = new LinkedHashMap<>();
    private final Map<Pointer, FieldType> declared = new LinkedHashMap<>();
    private final Map<Pointer, Node> declaredAt = new LinkedHashMap<>();
    private final Mistakes mistakes;

    FieldTypes(Mistakes mistakes) {
        this.mistakes = mistakes;
    }

    /** Reads the section {@code types}. */
    void declare(Node node) {
        Section section = new Section(node, "types", mistakes);
        Map<String, FieldType> words = new LinkedHashMap<>();
        for (FieldType type : FieldType.values()) {
            if (type != FieldType.ANY) {
                words.put(type.label(), type);
            }
        }
        for (String name : section.names()) {
            Optional<Pointer> pointer = pointer(section.key(name), name);
            Node value = section.get(name).orElseThrow();
            Optional<String> word = section.text(value, "a type");
            if (pointer.isEmpty() || word.isEmpty()) {
                continue;
            }
            if (!words.containsKey(word.get())) {
                mistakes.unknownWord(value, "type", word.get(), words.keySet());
                continue;
            }
            declared.put(pointer.get(), words.get(word.get()));
            declaredAt.put(pointer.get(), section.key(name));
        }
    }

    /** A JSON pointer in the configuration. */
    Optional<Pointer> pointer(Node node, String text) {
        try {
            return Optional.of(Pointer.of(text));
        } catch (IllegalArgumentException e) {
            mistakes.at(node, e.getMessage());
            return Optional.empty();
        }
    }

    void use(Pointer field, Use use, Node node) {
        seen(field, new Seen(use, node, null, null));
    }

    /** @param keys what the lookup's keys look like: a type, or null where they can be any */
    void lookUp(Pointer field, Lookup lookup, FieldType keys, Node node) {
        seen(field, new Seen(Use.IN_LOOKUP, node, lookup, keys));
    }

    private void seen(Pointer field, Seen seen) {
        uses.computeIfAbsent(field, f -> new ArrayList<>()).add(seen);
    }

    /** The type of every field that is read; where its uses disagree, that is noted as a mistake. */
    SortedMap<Pointer, FieldType> resolve() {
        SortedMap<Pointer, FieldType> types = new TreeMap<>();
        uses.forEach((field, seen) -> types.put(field, resolve(field, seen)));
        declaredAt.forEach((field, node) -> {
            if (!uses.containsKey(field)) {
                mistakes.at(node, field + " has a type but is read nowhere in this configuration");
            }
        });
        return types;
    }

    private FieldType resolve(Pointer field, List<Seen> seen) {
        FieldType type = declared.containsKey(field) ? declared.get(field) : inferred(seen);
        for (Seen each : seen) {
            check(field, type, each);
        }
        return type;
    }

    private static FieldType inferred(List<Seen> seen) {
        return seen.stream()
                .map(each -> each.use == Use.IN_LOOKUP ? each.keys : each.use.wants)
                .filter(type -> type != null)
                .findFirst()
                .orElse(seen.stream().allMatch(each -> each.use == Use.ONLY_THERE) ? FieldType.ANY : FieldType.TEXT);
    }

    private void check(Pointer field, FieldType type, Seen seen) {
        if (seen.use == Use.IN_LOOKUP) {
            checkKeys(field, type, seen);
        } else if (seen.use == Use.AS_CATEGORY && type == FieldType.NUMBER) {
            mistakes.at(
                    seen.node,
                    field + " is a number, and numbers are written in many ways (3, 3.0, 0.3e1): declare it under types"
                            + " as whole-number, or give categories by ranges (if: {" + field + ": {below: 10}})");
        } else if (seen.use.wants != null && !fits(seen.use.wants, type)) {
            mistakes.at(
                    seen.node,
                    field + " " + seen.use.words + " here but is " + type.label() + " by "
                            + (declared.containsKey(field) ? "its declaration under types" : "another use")
                            + "; quote a value to make it text (\"3\"), or declare another type under types");
        }
    }

    private static boolean fits(FieldType wanted, FieldType type) {
        return wanted == type || wanted == FieldType.NUMBER && type == FieldType.WHOLE_NUMBER;
    }

    private void checkKeys(Pointer field, FieldType type, Seen seen) {
        for (String key : seen.lookup.groups().keySet()) {
            if (canonicalKey(type, key).isEmpty()) {
                mistakes.at(
                        seen.node,
                        "lookup " + seen.lookup.name() + " has the value " + Mistakes.shown(key) + ", but " + field
                                + " is " + type.label() + "; declare another type under types, or mend the lookup");
                return;
            }
        }
    }

    /** A lookup's key in the one form that values of this type have; empty when no value can be equal to it. */
    static Optional<String> canonicalKey(FieldType type, String key) {
        try {
            return switch (type) {
                case TEXT, ANY -> Optional.of(key);
                case BOOLEAN -> key.equals("true") || key.equals("false") ? Optional.of(key) : Optional.empty();
                case NUMBER -> Optional.of(Decimal.of(key).toString());
                case WHOLE_NUMBER ->
                    Optional.of(Decimal.of(key))
                            .filter(number -> number.isWhole() && number.wholeLength() < 512)
                            .map(Decimal::wholeDigits);
            };
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
