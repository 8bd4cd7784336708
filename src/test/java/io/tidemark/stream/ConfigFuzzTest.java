package io.tidemark.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a person types, a configuration is read or its mistakes are named. */
class ConfigFuzzTest {
    private static final String[] SNIPPETS = {
        "null",
        "~",
        "true",
        "3",
        "-",
        "- ",
        ": ",
        "{",
        "}",
        "[",
        "]",
        "&a ",
        "*a",
        "!!int x",
        "|\n",
        ">-\n",
        "\"",
        "'",
        "#",
        "---\n",
        "...\n",
        "%YAML 9.9\n",
        "<<: *a",
        "? ",
        "\t",
        "\u0000",
        "\ud800",
        "\ufeff",
        "\u2028",
        "/a/~2",
        "/",
        "''",
        "{}",
        "[]",
        "0x1F",
        ".inf",
        ".nan",
        "1e999999999999",
        "9".repeat(400),
        "(other)",
        "\"\\ud800\"",
        "x".repeat(2_000),
        "(((((",
        "a{1000}{1000}",
        "[a-",
        "\\p{Nope}",
        "file: ../../x",
        "file: \"\\0\"",
        "1h",
        "*",
        "a:*",
        ":",
        "field: /x",
        "if: {",
        "rules:",
        "lookup: {a: b}",
        "join: [/a, /b]",
        "at-least: 1",
        "\r\n",
        "!x "
    };

    @Test
    void onlyNamedMistakesComeOut() {
        long seed = Long.getLong("tidemark.seed", System.nanoTime());
        System.out.println("ConfigFuzzTest: seed " + seed);
        Random random = new Random(seed);
        List<String> texts = new ArrayList<>(List.of(BundledStreams.wikipedia().text(), rich()));
        int valid = 0;
        for (int i = 0; i < Integer.getInteger("tidemark.fuzz", 1_500); i++) {
            String text = mutated(texts.get(random.nextInt(texts.size())), random);
            valid += isValid(text, seed) ? 1 : 0;
        }
        assertThat(valid)
                .as("some mutations must leave a configuration valid, seed %d", seed)
                .isGreaterThan(10);
    }

    private static boolean isValid(String text, long seed) {
        try {
            StreamConfig config = StreamConfigReader.read(text, Path.of("src/none"));
            assertThat(StreamConfigReader.stored(config.text())).isEqualTo(config);
            return true;
        } catch (InvalidConfigException e) {
            assertThat(e.problems()).isNotEmpty();
            assertThat(e.format("f").lines()).as("each mistake is one line").hasSameSizeAs(e.problems());
            return false;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            throw new AssertionError("seed " + seed + ": " + e + " from\n" + text, e);
        }
    }

    private static String mutated(String text, Random random) {
        StringBuilder mutated = new StringBuilder(text);
        for (int left = 1 + random.nextInt(3); left > 0; left--) {
            int at = random.nextInt(mutated.length());
            switch (random.nextInt(6)) {
                case 0 -> mutated.insert(at, SNIPPETS[random.nextInt(SNIPPETS.length)]);
                case 1 -> mutated.delete(at, Math.min(mutated.length(), at + 1 + random.nextInt(12)));
                case 2 -> mutated.setCharAt(at, (char) (32 + random.nextInt(95)));
                case 3 -> replaceToken(mutated, at, SNIPPETS[random.nextInt(SNIPPETS.length)]);
                case 4 -> {
                    int from = random.nextInt(text.length());
                    mutated.insert(at, text, from, Math.min(text.length(), from + random.nextInt(200)));
                }
                default -> mutated.setLength(Math.max(1, at));
            }
        }
        return mutated.toString();
    }

    private static void replaceToken(StringBuilder text, int at, String with) {
        int from = at;
        while (from > 0 && " :{}[],\n".indexOf(text.charAt(from - 1)) < 0) {
            from--;
        }
        int end = at;
        while (end < text.length() && " :{}[],\n".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        text.replace(from, Math.max(from, end), with);
    }

    private static String rich() {
        return """
                stream: orders
                topic: shop-orders
                start: latest
                shards: 2
                types: {/n: whole-number, /price: number}
                lookups:
                  vip: [a, b]
                  areas: {DE: Europe}
                required: [/id, [/a, /b]]
                where:
                  any:
                    - {/kind: [order, return]}
                    - all: [{present: /x}, {absent: [/y, /z]}]
                  not: {/test: true}
                time: {fields: [/at, /created], lateness: 2h}
                buckets: {minute: 3h, hour: 10d, day: 400d}
                dimensions:
                  size:
                    - if: {/price: {at-least: 10, below: 20.5}}
                      category: medium
                    - if: {/price: {above: 3e2, at-most: 4e2}}
                      category: large
                  area:
                    required: true
                    rules:
                      - {field: /country, lookup: areas}
                      - if: {/customer: {in: vip}}
                        join: [/country, /city]
                        with: " / "
                  ip:
                    - if: {/ip: {ip-address: 6}}
                      category: six
                    - if: {/ip: {pattern: "^10\\\\.", starts-with: ["10.", "11."]}}
                      category: inside
                  number: {ranked: true, cap: 10, total: true, buckets: [day], rules: [{field: /n}]}
                aliases: {a_*: "area:*", six: "ip:six"}
                """;
    }
}
