package io.tidemark.oracle;

import io.tidemark.oracle.Values.Value;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Namespaces by number and by name, as the contract's table has them. */
final class Namespaces {
    private static final Map<Integer, String> TABLE = Map.ofEntries(
            Map.entry(-2, "Media"),
            Map.entry(-1, "Special"),
            Map.entry(0, "Main"),
            Map.entry(1, "Talk"),
            Map.entry(2, "User"),
            Map.entry(3, "User talk"),
            Map.entry(4, "Wikipedia"),
            Map.entry(5, "Wikipedia talk"),
            Map.entry(6, "File"),
            Map.entry(7, "File talk"),
            Map.entry(8, "MediaWiki"),
            Map.entry(9, "MediaWiki talk"),
            Map.entry(10, "Template"),
            Map.entry(11, "Template talk"),
            Map.entry(12, "Help"),
            Map.entry(13, "Help talk"),
            Map.entry(14, "Category"),
            Map.entry(15, "Category talk"),
            Map.entry(100, "Portal"),
            Map.entry(101, "Portal talk"),
            Map.entry(118, "Draft"),
            Map.entry(119, "Draft talk"),
            Map.entry(828, "Module"),
            Map.entry(829, "Module talk"));
    private static final List<Integer> NUMBERS = List.of(
            0,
            3,
            1,
            2,
            4,
            6,
            10,
            14,
            828,
            5,
            7,
            8,
            9,
            11,
            12,
            13,
            15,
            100,
            101,
            118,
            119,
            829,
            -1,
            -2,
            1198,
            2600,
            102,
            -3,
            2147483647);
    private static final List<String> NAMES = List.of(
            "Main",
            "Talk",
            "User talk",
            "User",
            "Wikipedia",
            "File",
            "Template",
            "Draft talk",
            "Gadget",
            "1198",
            "Book talk",
            "FILE TALK",
            "main",
            "Project talk",
            "Dosya",
            "\u0422\u0430\u043b\u043a");

    private final SplittableRandom random;
    private final JsonText text;
    private final Values values;

    Namespaces(SplittableRandom random, JsonText text, Values values) {
        this.random = random;
        this.text = text;
        this.values = values;
    }

    /** Adds a number, in one of its spellings. */
    void numbered(Draft draft, boolean odd) {
        int number = NUMBERS.get(values.rank(NUMBERS.size()));
        draft.category("namespace", TABLE.getOrDefault(number, Integer.toString(number)));
        if (!odd) {
            draft.put("namespace", Integer.toString(number));
            return;
        }
        switch (random.nextInt(8)) {
            case 0, 1 -> draft.put("namespace", number + (random.nextBoolean() ? ".0" : ".000"));
            case 2, 3 -> draft.put("namespace", "\"" + number + "\"");
            case 4 -> draft.put("namespace", number + (random.nextBoolean() ? "e0" : ".0E+0"));
            case 5 -> {
                String digits =
                        List.of("2147483648", "9007199254740993", "-2147483649").get(random.nextInt(3));
                draft.put("namespace", digits);
                draft.category("namespace", digits);
            }
            case 6 -> {
                draft.put("namespace", "null");
                named(draft, false, false);
            }
            default -> {
                if (random.nextBoolean()) {
                    draft.put("namespace", "null");
                }
                draft.category("namespace", Values.UNKNOWN);
            }
        }
    }

    /** Adds a name, as wikimon does. */
    void named(Draft draft, boolean odd, boolean category) {
        String name = category ? "Category" : NAMES.get(values.rank(NAMES.size()));
        if (!odd || category) {
            draft.put("ns", text.text(name));
            draft.category("namespace", name);
            return;
        }
        switch (random.nextInt(4)) {
            case 0 -> {
                draft.put("ns", "\"Project\"");
                draft.category("namespace", "Wikipedia");
            }
            case 1 -> {
                draft.put("ns", "\"Main\"").put("namespace", "3");
                draft.category("namespace", "User talk");
            }
            case 2 -> {
                if (random.nextBoolean()) {
                    draft.put("ns", "null");
                }
                draft.category("namespace", Values.UNKNOWN);
            }
            default -> {
                Value value = values.strange();
                draft.put("ns", text.text(value.text()));
                draft.category("namespace", value.category());
            }
        }
    }
}
