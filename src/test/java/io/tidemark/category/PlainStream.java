package io.tidemark.category;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A stream's rules made up at random: written as YAML for the product, and evaluated here slowly and plainly from
 * docs/contract.md, sharing no code with the product. Events are maps: texts are {@code String}, numbers {@code Num},
 * booleans, objects maps, arrays lists; null is JSON's null.
 */
final class PlainStream {
    /** A number as it is written. */
    record Num(String written) {}

    private interface Test {
        boolean holds(Map<String, Object> event);
    }

    private record Cond(String yaml, Test test) {}

    private record PlainRule(String yaml, Test applies, Function<Map<String, Object>, String> gives) {}

    private record PlainDimension(String name, boolean required, List<PlainRule> rules) {}

    static final Map<String, String> FIELDS = Map.of(
            "/a", "text", "/b", "text", "/c/d", "whole-number", "/c/e", "number", "/f", "boolean", "/g/h/i", "text");
    private static final List<String> NAMES = FIELDS.keySet().stream().sorted().toList();
    static final List<String> TEXTS = List.of(
            "",
            "edit",
            "editor",
            "log",
            "Log",
            "192.0.2.1",
            "192.0.2.010",
            "2001:db8::1",
            "::",
            "dead:beef",
            "(other)",
            "\\(unknown)",
            "caf\u00e9",
            "\ud83d\ude00",
            "a\"b\\c/d\n",
            "x".repeat(512),
            "\u20ac".repeat(171));
    private static final List<String> ADDRESSES_4 = List.of("192.0.2.1");
    private static final List<String> ADDRESSES_6 = List.of("2001:db8::1", "::");
    private static final List<String> PATTERNS = List.of("^edit", "log$", "o", "^[a-z]+$", "^$", "(?i)^LOG$", "\u00e9");
    private static final List<String> NUMBERS = List.of("-2", "0", "3", "3.5", "10", "1e2", "1000");

    private final Random random;
    private final Cond where;
    private final List<List<String>> required = new ArrayList<>();
    private final List<PlainDimension> dimensions = new ArrayList<>();
    private final Map<String, Map<String, String>> lookups = new LinkedHashMap<>();

    PlainStream(Random random) {
        this.random = random;
        lookups.put("texts", Map.of("edit", "change", "log", "entry", "caf\u00e9", "place"));
        lookups.put("numbers", Map.of("3", "three", "-2", "minus two", "100", "hundred"));
        where = random.nextInt(3) == 0 ? condition(2) : null;
        for (int left = random.nextInt(3); left > 0; left--) {
            required.add(random.nextBoolean() ? List.of(field()) : List.of(field(), field()));
        }
        for (int d = 0; d <= random.nextInt(4); d++) {
            List<PlainRule> rules = new ArrayList<>();
            for (int left = 1 + random.nextInt(4); left > 0; left--) {
                rules.add(rule());
            }
            dimensions.add(new PlainDimension("d" + d, random.nextInt(5) == 0, rules));
        }
    }

    private String field() {
        return NAMES.get(random.nextInt(NAMES.size()));
    }

    private String field(String type) {
        List<String> of = NAMES.stream().filter(f -> FIELDS.get(f).equals(type)).toList();
        return of.get(random.nextInt(of.size()));
    }

    private <T> T one(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    String yaml() {
        StringBuilder yaml = new StringBuilder("stream: s\ntopic: t\ntypes:\n");
        NAMES.forEach(field -> yaml.append("  ? ")
                .append(field)
                .append("\n  : ")
                .append(FIELDS.get(field))
                .append('\n'));
        yaml.append("lookups:\n");
        lookups.forEach((name, groups) -> {
            yaml.append("  ").append(name).append(":\n");
            groups.forEach((key, group) -> yaml.append("    ")
                    .append(quoted(key))
                    .append(": ")
                    .append(group)
                    .append('\n'));
        });
        if (where != null) {
            yaml.append("where: ").append(where.yaml).append('\n');
        }
        yaml.append("required: ").append(required).append('\n').append("dimensions:\n");
        for (PlainDimension dimension : dimensions) {
            yaml.append("  ").append(dimension.name).append(":\n    required: ").append(dimension.required);
            yaml.append("\n    rules:\n");
            dimension.rules.forEach(
                    rule -> yaml.append("      - ").append(rule.yaml).append('\n'));
        }
        yaml.append("  every: [{field: ")
                .append(String.join(
                        "}, {field: ",
                        NAMES.stream().filter(f -> !f.equals("/c/e")).toList()))
                .append("}]\n  there: [{if: {present: /c/e}, category: e}]\n");
        return yaml.toString();
    }

    /** {@code filtered}, a reason, or the categories of all dimensions. */
    String verdict(Map<String, Object> event, boolean hasDuplicate) {
        if (hasDuplicate) {
            return "duplicate-key";
        }
        if (where != null && !where.test.holds(event)) {
            return "filtered";
        }
        for (String field : NAMES) {
            if (get(event, field) != null && typed(event, field) == null) {
                return "wrong-type";
            }
        }
        for (String field : NAMES) {
            if (get(event, field) instanceof String text
                    && !text.equals(new String(text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE))) {
                return "bad-text";
            }
        }
        for (List<String> group : required) {
            if (group.stream().allMatch(field -> get(event, field) == null)) {
                return "missing-field";
            }
        }
        List<String> categories = new ArrayList<>();
        for (PlainDimension dimension : dimensions) {
            String category = null;
            for (PlainRule rule : dimension.rules) {
                if (category == null && rule.applies.holds(event)) {
                    category = rule.gives.apply(event);
                }
            }
            if (category == null && dimension.required) {
                return "missing-field";
            }
            categories.add(category == null ? "(unknown)" : category);
        }
        categories.add(NAMES.stream()
                .filter(f -> !f.equals("/c/e") && typed(event, f) != null)
                .map(f -> real(written(event, f)))
                .findFirst()
                .orElse("(unknown)"));
        categories.add(get(event, "/c/e") == null ? "(unknown)" : "e");
        return categories.toString();
    }

    private static Object get(Map<String, Object> event, String field) {
        Object at = event;
        for (String name : field.substring(1).split("/")) {
            at = at instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return at;
    }

    /** The value by its field's type, a number as BigDecimal; null when absent or of another type. */
    private static Object typed(Map<String, Object> event, String field) {
        Object value = get(event, field);
        return switch (FIELDS.get(field)) {
            case "text" -> value instanceof String ? value : null;
            case "boolean" -> value instanceof Boolean ? value : null;
            case "number" -> value instanceof Num n ? new BigDecimal(n.written) : null;
            default -> {
                if (value instanceof String text && text.matches("-?(0|[1-9][0-9]*)")) {
                    yield new BigDecimal(text);
                }
                boolean whole = value instanceof Num n
                        && new BigDecimal(n.written).stripTrailingZeros().scale() <= 0;
                yield whole ? new BigDecimal(((Num) value).written) : null;
            }
        };
    }

    private static String written(Map<String, Object> event, String field) {
        Object value = typed(event, field);
        return value instanceof BigDecimal number ? number.toBigIntegerExact().toString() : value.toString();
    }

    private static String real(String value) {
        if (value.isEmpty()) {
            return "(unknown)";
        }
        if (value.getBytes(StandardCharsets.UTF_8).length > 512) {
            return "(too long)";
        }
        return value.matches("\\\\*\\((unknown|other|too long)\\)") ? "\\" + value : value;
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    private PlainRule rule() {
        Cond when = random.nextInt(3) > 0 ? condition(2) : null;
        String begin = when == null ? "{" : "{if: " + when.yaml + ", ";
        Test holds = when == null ? event -> true : when.test;
        switch (random.nextInt(4)) {
            case 0 -> {
                String text = one(List.of("plain", "some words", "3"));
                Test sure = when == null ? event -> get(event, "/a") != null : holds;
                String guard = when == null ? "{if: {present: /a}, " : begin;
                return new PlainRule(guard + "category: \"" + text + "\"}", sure, event -> text);
            }
            case 1 -> {
                String field = one(NAMES.stream()
                        .filter(f -> !FIELDS.get(f).equals("number"))
                        .toList());
                return new PlainRule(
                        begin + "field: " + field + "}",
                        event -> holds.holds(event) && typed(event, field) != null,
                        event -> real(written(event, field)));
            }
            case 2 -> {
                boolean texts = random.nextBoolean();
                String field = field(texts ? "text" : "whole-number");
                Map<String, String> groups = lookups.get(texts ? "texts" : "numbers");
                return new PlainRule(
                        begin + "field: " + field + ", lookup: " + (texts ? "texts" : "numbers") + "}",
                        event -> holds.holds(event)
                                && typed(event, field) != null
                                && groups.containsKey(written(event, field)),
                        event -> groups.get(written(event, field)));
            }
            default -> {
                String one = field("text");
                String other = field("whole-number");
                return new PlainRule(
                        begin + "join: [" + one + ", " + other + "], with: '-'}",
                        event -> holds.holds(event) && typed(event, one) != null && typed(event, other) != null,
                        event -> real(written(event, one) + "-" + written(event, other)));
            }
        }
    }

    private Cond condition(int depth) {
        int kind = random.nextInt(depth == 0 ? 7 : 10);
        return switch (kind) {
            case 0 -> presence();
            case 1 -> texts();
            case 2 -> pattern();
            case 3 -> range();
            case 4 -> address();
            case 5 -> lookup();
            case 6 -> flag();
            case 7 -> {
                Cond part = condition(depth - 1);
                yield new Cond("{not: " + part.yaml + "}", event -> !part.test.holds(event));
            }
            default -> {
                Cond one = condition(depth - 1);
                Cond other = condition(depth - 1);
                boolean any = kind == 8;
                yield new Cond(
                        "{" + (any ? "any" : "all") + ": [" + one.yaml + ", " + other.yaml + "]}",
                        event -> any
                                ? one.test.holds(event) || other.test.holds(event)
                                : one.test.holds(event) && other.test.holds(event));
            }
        };
    }

    private Cond presence() {
        String field = field();
        boolean present = random.nextBoolean();
        return new Cond(
                "{" + (present ? "present" : "absent") + ": " + field + "}",
                event -> (get(event, field) != null) == present);
    }

    private Cond texts() {
        String field = field("text");
        String one = one(TEXTS);
        String other = one(TEXTS);
        if (random.nextBoolean()) {
            return new Cond(
                    "{" + field + ": [" + quoted(one) + ", " + quoted(other) + "]}",
                    event -> one.equals(typed(event, field)) || other.equals(typed(event, field)));
        }
        String prefix = one(List.of("e", "edit", "192.", "\u20ac", "x"));
        return new Cond(
                "{" + field + ": {starts-with: " + quoted(prefix) + "}}",
                event -> typed(event, field) instanceof String text && text.startsWith(prefix));
    }

    private Cond pattern() {
        String field = field("text");
        String pattern = one(PATTERNS);
        return new Cond(
                "{" + field + ": {pattern: " + quoted(pattern) + "}}",
                event -> typed(event, field) instanceof String text
                        && Pattern.compile(pattern).matcher(text).find());
    }

    private Cond range() {
        String field = random.nextBoolean() ? "/c/d" : "/c/e";
        String low = one(NUMBERS);
        if (random.nextInt(3) == 0) {
            return new Cond(
                    "{" + field + ": " + low + "}",
                    event -> typed(event, field) instanceof BigDecimal n && n.compareTo(new BigDecimal(low)) == 0);
        }
        boolean included = random.nextBoolean();
        return new Cond(
                "{" + field + ": {" + (included ? "at-least: " : "above: ") + low + ", below: 1e6}}",
                event -> typed(event, field) instanceof BigDecimal n
                        && n.compareTo(new BigDecimal(low)) >= (included ? 0 : 1)
                        && n.compareTo(new BigDecimal(1_000_000)) < 0);
    }

    private Cond address() {
        String field = field("text");
        String which = one(List.of("true", "4", "6"));
        List<String> all = new ArrayList<>(which.equals("6") ? List.of() : ADDRESSES_4);
        all.addAll(which.equals("4") ? List.of() : ADDRESSES_6);
        return new Cond("{" + field + ": {ip-address: " + which + "}}", event -> all.contains(typed(event, field)));
    }

    private Cond lookup() {
        boolean texts = random.nextBoolean();
        String field = field(texts ? "text" : "whole-number");
        Map<String, String> groups = lookups.get(texts ? "texts" : "numbers");
        return new Cond(
                "{" + field + ": {in: " + (texts ? "texts" : "numbers") + "}}",
                event -> typed(event, field) != null && groups.containsKey(written(event, field)));
    }

    private Cond flag() {
        boolean value = random.nextBoolean();
        return new Cond("{/f: " + value + "}", event -> Boolean.valueOf(value).equals(typed(event, "/f")));
    }
}
