package io.tidemark.category;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.category.PlainStream.Num;
import io.tidemark.stream.InvalidConfigException;
import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import io.tidemark.tally.Accounts;
import io.tidemark.tally.CountKey;
import io.tidemark.tally.Counting;
import io.tidemark.tally.Tally;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Whatever the rules and the events are, the product says what a plain reading of the contract says. */
class PlainStreamTest {
    private static final List<Object> NUMBERS = List.of(
            new Num("3"),
            new Num("3.0"),
            new Num("-2"),
            new Num("30e-1"),
            new Num("3.5"),
            new Num("0"),
            new Num("-0.0"),
            new Num("1e2"),
            new Num("1000000"),
            new Num("123456789012345678901234567890"),
            "3",
            "-2",
            "03",
            "3.0",
            "");

    @Test
    void theProductAgreesWithAPlainEvaluator() {
        long seed = Long.getLong("tidemark.seed", System.nanoTime());
        System.out.println("PlainStreamTest: seed " + seed);
        Random random = new Random(seed);
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < Integer.getInteger("tidemark.streams", 150); i++) {
            checkOneStream(new Random(random.nextLong()), "seed " + seed + ", stream " + i, seen);
        }
        assertThat(seen.keySet())
                .contains("filtered", "duplicate-key", "wrong-type", "bad-text", "missing-field", "counted");
    }

    private static void checkOneStream(Random random, String name, Map<String, Integer> seen) {
        PlainStream plain = new PlainStream(random);
        StreamConfig config = read(plain.yaml(), name);
        Explainer explainer = new Explainer(config);
        Counting counting = new Counting(config, 1_775_901_600_000L);
        Map<String, Long> verdicts = new HashMap<>();
        Map<String, Map<String, Long>> totals = new HashMap<>();
        for (int i = 0; i < 60; i++) {
            Map<String, Object> event = event(random);
            boolean twice = random.nextInt(40) == 0 && hasField(event);
            String json = json(event, twice, random);
            byte[] record = json.getBytes(StandardCharsets.UTF_8);
            String expected = plain.verdict(event, twice);
            assertThat(shown(explainer.explain(record, 1_775_901_600_000L)))
                    .as("%s: %s%n%s", name, json, plain.yaml())
                    .isEqualTo(expected);
            seen.merge(expected.startsWith("[") ? "counted" : expected, 1, Integer::sum);
            verdicts.merge(expected.startsWith("[") ? "counted" : expected, 1L, Long::sum);
            explainer
                    .explain(record, 1_775_901_600_000L)
                    .categories()
                    .forEach(given -> totals.computeIfAbsent(given.dimension(), d -> new HashMap<>())
                            .merge(given.category(), 1L, Long::sum));
            counting.add(record);
        }
        Tally tally = counting.tally();
        long counted = verdicts.getOrDefault("counted", 0L);
        long filtered = verdicts.getOrDefault("filtered", 0L);
        assertThat(tally.accounts())
                .as(name)
                .isEqualTo(new Accounts(60, counted, 60 - counted - filtered, filtered, 0));
        totals.forEach((dimension, categories) -> assertThat(tally.additions().get(CountKey.total(dimension)))
                .as(name)
                .isEqualTo(categories));
    }

    private static StreamConfig read(String yaml, String name) {
        try {
            return StreamConfigReader.read(yaml, Path.of("."));
        } catch (InvalidConfigException e) {
            throw new AssertionError(name + "\n" + e.format("f") + "\n" + yaml, e);
        }
    }

    private static String shown(Explanation explanation) {
        return switch (explanation.outcome()) {
            case FILTERED -> "filtered";
            case REJECTED -> explanation.reason().label();
            case COUNTED ->
                explanation.categories().stream()
                        .map(Explanation.Given::category)
                        .collect(Collectors.joining(", ", "[", "]"));
        };
    }

    private static Map<String, Object> event(Random random) {
        Map<String, Object> event = new LinkedHashMap<>();
        put(event, "a", text(random), random);
        put(event, "b", text(random), random);
        put(event, "f", random.nextBoolean(), random);
        Map<String, Object> c = new LinkedHashMap<>();
        put(c, "d", NUMBERS.get(random.nextInt(NUMBERS.size())), random);
        put(c, "e", NUMBERS.get(random.nextInt(10)), random);
        event.put("c", random.nextInt(12) == 0 ? List.of(c) : c);
        Map<String, Object> h = new LinkedHashMap<>();
        put(h, "i", text(random), random);
        event.put("g", random.nextInt(12) == 0 ? new Num("1") : new LinkedHashMap<>(Map.of("h", h, "x", List.of(h))));
        event.put("other", List.of(Map.of("a", "x"), new Num("-1.5E+3"), true));
        return event;
    }

    private static boolean hasField(Map<String, Object> event) {
        return event.containsKey("a");
    }

    private static Object text(Random random) {
        return PlainStream.TEXTS.get(random.nextInt(PlainStream.TEXTS.size()));
    }

    private static void put(Map<String, Object> into, String name, Object value, Random random) {
        switch (random.nextInt(60)) {
            case 0 -> into.put(name, "half \ud800 pair");
            case 1 -> into.put(name, List.of());
            case 2 -> into.put(name, Map.of("a", "b"));
            case 3 -> into.put(name, true);
            case 4 -> into.put(name, new Num("0.25"));
            case 5, 6, 7, 8 -> into.put(name, null);
            case 9, 10, 11, 12, 13, 14, 15 -> into.remove(name);
            default -> into.put(name, value);
        }
    }

    private static String json(Map<String, Object> event, boolean twice, Random random) {
        String json = json(event, random);
        return twice ? json.substring(0, json.lastIndexOf('}')) + ",\"a\":1}" : json;
    }

    private static String json(Object value, Random random) {
        String blank = random.nextInt(8) == 0 ? " \n" : "";
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(e -> json(e.getKey(), random) + blank + ":" + blank + json(e.getValue(), random))
                    .collect(Collectors.joining("," + blank, "{" + blank, blank + "}"));
        }
        if (value instanceof List<?> list) {
            return list.stream()
                    .map(item -> json(item, random))
                    .collect(Collectors.joining("," + blank, "[" + blank, blank + "]"));
        }
        if (value instanceof String text) {
            boolean escapeAll = random.nextInt(10) == 0;
            StringBuilder json = new StringBuilder("\"");
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                boolean plain = c >= ' ' && c != '"' && c != '\\' && !text.contains("\ud800 ");
                json.append(plain && !escapeAll ? String.valueOf(c) : String.format("\\u%04x", (int) c));
            }
            return json.append('"').toString();
        }
        return value instanceof Num n ? n.written() : String.valueOf(value);
    }
}
