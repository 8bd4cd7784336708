package io.tidemark.oracle;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/** Texts that stand in fields: plain ones, strange ones, and by what category each must be counted. */
final class Values {
    static final String UNKNOWN = "(unknown)";

    /** Names of wikis, pages and users that have broken programs. */
    static final List<String> STRANGE = List.of(
            "0'+(window.t=1)+'0",
            "A \"B\" \\ C & <i>x</i>",
            "<img src=x onerror=\"window.t=1\">",
            "a\nb",
            "a\u0000b",
            "\u0007bell",
            "Caf\u00e9",
            "Cafe\u0301",
            "\u0130stanbul",
            "istanbul",
            "\ud83c\udf0a tide",
            "mid\ufeffmark",
            "line\u2028separator",
            "\u202egnidaer",
            "\u05e9\u05dc\u05d5\u05dd",
            "1984",
            "007",
            "1e5",
            "true",
            "null",
            "NaN",
            "-0",
            " leading",
            "trailing ",
            "  ",
            "\t",
            "\u00a0",
            "__proto__",
            "constructor",
            "tidemark:{wiki}",
            "a:b:c",
            "actor:bot",
            "bot human",
            "{\"user\":\"x\"}",
            "%s %n \\u0041",
            "\\",
            "\\\\",
            "(unknown",
            "unknown)",
            "(Unknown)",
            "( unknown)",
            "(unknown) ",
            "(otherwise)",
            "\uffff",
            "\udbff\udfff");

    private static final String[] RESERVED = {"(unknown)", "(other)", "(too long)"};

    private final SplittableRandom random;

    Values(SplittableRandom random) {
        this.random = random;
    }

    /** A text and the category that a field with this text must give. */
    record Value(String text, String category) {}

    static Value plain(String text) {
        return new Value(text, text);
    }

    /** A text that somebody may use, now and then a strange, a reserved, an empty or an endless one. */
    Value strange() {
        int luck = random.nextInt(10);
        if (luck < 6) {
            return plain(STRANGE.get(random.nextInt(STRANGE.size())));
        }
        if (luck < 8) {
            String reserved = "\\".repeat(random.nextInt(4)) + RESERVED[random.nextInt(RESERVED.length)];
            return new Value(reserved, "\\" + reserved);
        }
        return luck < 9 ? longOne() : new Value("", UNKNOWN);
    }

    /** Up to and beyond 512 bytes of UTF-8, in letters of one to four bytes. */
    private Value longOne() {
        String letter = List.of("a", "\u00e9", "\u6d77", "\ud83c\udf0a").get(random.nextInt(4));
        int size = letter.getBytes(StandardCharsets.UTF_8).length;
        int bytes = List.of(510, 511, 512, 513, 514, 516, 700, 5_000).get(random.nextInt(8));
        String text = letter.repeat(bytes / size) + "x".repeat(bytes % size);
        return bytes <= 512 ? plain(text) : new Value(text, "(too long)");
    }

    /** A number in [0, n), about in inverse proportion to its rank. */
    int rank(int n) {
        return (int) Math.exp(random.nextDouble() * Math.log(n + 1.0)) - 1;
    }
}
