package io.tidemark.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.tidemark.stream.BundledStreams;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.Counting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Our scanner and Jackson's parser agree on what is JSON, on text that is nearly JSON too. */
class JsonScannerTest {
    private static final StreamConfig WIKI = BundledStreams.wikipedia();
    private static final JsonFactory JACKSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(100_000)
                    .maxNumberLength(100_000)
                    .build())
            .build();
    private static final String[] TOKENS = {
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\"a\"",
        "\"type\"",
        "\"meta\"",
        "\"dt\"",
        "\"\\u0074ype\"",
        "\"\\\"\"",
        "\\",
        "true",
        "false",
        "null",
        "tru",
        "nul",
        "0",
        "-0",
        "-",
        "1",
        "01",
        "1.5",
        "1.",
        ".5",
        "1e5",
        "1e",
        "1E+5",
        "-1.25e-7",
        " ",
        "\n",
        "\t",
        "\u0000",
        "\u001f",
        "\u007f",
        "\u00a0",
        "\u2028",
        "\u00e9",
        "\ud83d\ude00",
        "x",
        "//",
        "/**/",
        "'",
        "NaN",
        "\"\\u00e9\\n\\/\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"long text that has more than eight bytes\"",
        "\"type\":\"edit\""
    };

    @Test
    void agreesWithJacksonOnTextThatIsNearlyJson() throws IOException {
        long seed = Long.getLong("tidemark.seed", System.nanoTime());
        System.out.println("JsonScannerTest: seed " + seed);
        Random random = new Random(seed);
        ChunkParser parser = new ChunkParser(WIKI);
        int valid = 0;
        for (int i = 0; i < Integer.getInteger("tidemark.fuzz", 20_000); i++) {
            byte[] text = mutated(random);
            Reason reason =
                    parser.parse(new Counting(WIKI, 0).add(text).chunk()).reason(0);
            assertThat(coarse(reason))
                    .as("seed %d: %s (%s)", seed, new String(text, StandardCharsets.UTF_8), reason)
                    .isEqualTo(byJackson(text));
            valid += coarse(reason).equals("object") ? 1 : 0;
        }
        assertThat(valid).isGreaterThan(500);
    }

    @Test
    void findsTheEndOfAStringAtAnyPlace() {
        for (int before = 0; before < 20; before++) {
            for (int length = 0; length < 40; length++) {
                String text = " ".repeat(before) + "\"" + "\u007f".repeat(length) + "\"";
                for (int after = 0; after < 10; after++) {
                    byte[] bytes = (text + "\"".repeat(after)).getBytes(StandardCharsets.UTF_8);
                    JsonScanner scanner = new JsonScanner();
                    scanner.begin(bytes);
                    assertThat(scanner.stringEnd(before + 1)).isEqualTo(before + 1 + length);
                    bytes[before + 1 + length / 2] = length == 0 ? (byte) '"' : 0x1f;
                    assertThat(scanner.stringEnd(before + 1)).isEqualTo(length == 0 ? before + 1 : -1);
                }
            }
        }
    }

    private static String coarse(Reason reason) {
        if (reason == null) {
            return "object";
        }
        return switch (reason) {
            case DUPLICATE_KEY -> "object";
            case TRAILING_DATA -> "object and more";
            case NOT_UTF8 -> "not utf-8";
            case EMPTY -> "empty";
            case NOT_AN_OBJECT -> "no object";
            default -> "no JSON";
        };
    }

    private static String byJackson(byte[] text) throws IOException {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
        } catch (CharacterCodingException e) {
            return "not utf-8";
        }
        String plain = new String(text, StandardCharsets.UTF_8);
        if (plain.matches("[ \n\t\r]*")) {
            return "empty";
        }
        if (!plain.matches("(?s)[ \n\t\r]*\\{.*")) {
            return noObject(plain);
        }
        boolean complete = false;
        try (JsonParser parser = JACKSON.createParser(plain)) {
            int depth = 0;
            do {
                JsonToken token = parser.nextToken();
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            } while (depth > 0);
            complete = true;
            return parser.nextToken() == null ? "object" : "object and more";
        } catch (JacksonException e) {
            return complete ? "object and more" : "no JSON";
        }
    }

    /** Whether any prefix is a complete value. */
    private static String noObject(String text) throws IOException {
        for (int end = 1; end <= text.length(); end++) {
            try (JsonParser parser = JACKSON.createParser(text.substring(0, end))) {
                int depth = 0;
                do {
                    JsonToken token = parser.nextToken();
                    if (token == null) {
                        throw new JsonEOFException(parser, null, "nothing");
                    }
                    parser.finishToken();
                    depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                } while (depth > 0);
                return "no object";
            } catch (JacksonException e) {
                // A longer prefix may be complete.
            }
        }
        return "no JSON";
    }

    private static byte[] mutated(Random random) {
        StringBuilder text = new StringBuilder();
        value(text, random, 0);
        for (int left = random.nextInt(3); left > 0; left--) {
            int at = random.nextInt(text.length() + 1);
            switch (random.nextInt(4)) {
                case 0 -> text.insert(at, TOKENS[random.nextInt(TOKENS.length)]);
                case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(3)));
                case 2 -> text.append(TOKENS[random.nextInt(TOKENS.length)]);
                default -> text.setLength(at);
            }
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0 && random.nextInt(30) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        // UTF-16 and UTF-32 are recognised by NULs in the first four bytes, which Jackson's character parser does not
        // do.
        for (int i = 0; i < Math.min(4, bytes.length); i++) {
            bytes[i] = bytes[i] == 0 || bytes[i] == (byte) 0xEF ? (byte) 'x' : bytes[i];
        }
        return bytes;
    }

    private static void value(StringBuilder text, Random random, int depth) {
        int kind = depth == 0 ? random.nextInt(6) == 0 ? 2 : 0 : random.nextInt(8);
        switch (kind) {
            case 0, 1 -> {
                text.append('{');
                for (int left = random.nextInt(4); left > 0; left--) {
                    text.append(TOKENS[7 + random.nextInt(5)]).append(random.nextBoolean() ? ":" : " : ");
                    value(text, random, depth + 1);
                    text.append(left > 1 ? "," : "");
                }
                text.append('}');
            }
            case 2 -> {
                text.append('[');
                for (int left = random.nextInt(3); left > 0; left--) {
                    value(text, random, depth + 1);
                    text.append(left > 1 ? "," : "");
                }
                text.append(']');
            }
            case 3 -> text.append(new String[] {"0", "-0", "1", "1.5", "1e5", "-1.25e-7", "1E+5"}[random.nextInt(7)]);
            case 4 -> text.append(new String[] {"true", "false", "null"}[random.nextInt(3)]);
            default ->
                text.append("\"\u00e9 some text").append(random.nextInt()).append("\\n\"");
        }
    }
}
