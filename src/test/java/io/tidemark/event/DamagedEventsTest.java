package io.tidemark.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.tidemark.oracle.LabelledEvents;
import io.tidemark.plan.Chunk;
import io.tidemark.plan.Epochs;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.stream.BundledStreams;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.ChunkCounter;
import io.tidemark.tally.RejectedRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Events with bytes changed at random: what is no UTF-8, no JSON, too deep, no object, or followed by something, is told
 * as the JDK's decoder and Jackson's parser tell it.
 */
class DamagedEventsTest {
    private static final StreamConfig WIKI = BundledStreams.wikipedia();
    private static final int EVENTS = 8_000;
    private static final int DEEPEST = 1_000;
    private static final Set<String> OF_THE_TEXT =
            Set.of("empty", "not-utf8", "too-deep", "not-json", "not-an-object", "trailing-data");
    private static final byte[] BYTES =
            ("{}[]{}[]\"\"\"\"::,,\\\\\\/uU0123456789abcdefF.eE+-truefalsn \t\n\r\0\1\37\177'"
                            + "\u0080\u00a0\u00bf\u00c0\u00c3\u00e2\u00ed\u00f0\u00f4\u00ff")
                    .getBytes(StandardCharsets.ISO_8859_1);
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    static LongStream seeds() {
        Long one = Long.getLong("tidemark.seed");
        return one == null ? LongStream.range(0, Long.getLong("tidemark.seeds", 5)) : LongStream.of(one);
    }

    @ParameterizedTest(name = "-Dtidemark.seed={0}")
    @MethodSource("seeds")
    void damageIsToldAsTheLibrariesTellIt(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LabelledEvents events =
                new LabelledEvents(seed, Instant.parse("2026-11-25T12:00:00Z"), Duration.ofHours(1), EVENTS, 0.3);
        byte[][] values = new byte[EVENTS][];
        for (int i = 0; i < EVENTS; i++) {
            byte[] whole = events.next().bytes();
            values[i] = whole == null || whole.length == 0 ? new byte[] {'{', '}'} : damage(random, whole);
        }
        Map<Long, String> found = reasons(values);
        Map<String, String> wrong = new TreeMap<>();
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < EVENTS; i++) {
            String expected = judge(values[i]);
            String reason = found.get((long) i);
            String ofTheText = reason != null && OF_THE_TEXT.contains(reason) ? reason : null;
            seen.merge(String.valueOf(expected), 1, Integer::sum);
            if (!Objects.equals(expected, ofTheText) && !isTaste(values[i])) {
                String text = new String(values[i], StandardCharsets.ISO_8859_1);
                wrong.putIfAbsent(expected + " but " + reason, text.substring(0, Math.min(3_000, text.length())));
            }
        }
        assertThat(wrong).as("-Dtidemark.seed=%d", seed).isEmpty();
        assertThat(seen.keySet()).contains("not-utf8", "not-json", "not-an-object", "trailing-data", "null");
    }

    private static Map<Long, String> reasons(byte[][] values) {
        Map<Long, String> reasons = new HashMap<>();
        ChunkParser parser = new ChunkParser(WIKI);
        ChunkCounter counter = new ChunkCounter(WIKI);
        int size = RejectedRecord.KEPT;
        for (int from = 0; from < values.length; from += size) {
            int end = Math.min(values.length, from + size);
            long[] offsets = LongStream.range(from, end).toArray();
            Range range = new Range(0, from, end);
            Plan plan = new Plan(
                    "wiki",
                    "topic",
                    WIKI.fingerprint(),
                    "store",
                    new TreeMap<>(),
                    new TreeMap<>(Map.of(0, range)),
                    new TreeMap<>());
            long[] timestamps = new long[end - from];
            Arrays.fill(timestamps, Instant.parse("2026-11-25T12:00:00Z").toEpochMilli());
            counter.count(parser.parse(new Chunk(
                            plan,
                            range,
                            Epochs.UNKNOWN,
                            end - from,
                            offsets,
                            timestamps,
                            Arrays.copyOfRange(values, from, end))))
                    .rejected()
                    .getOrDefault(0, List.of())
                    .forEach(r -> reasons.put(r.offset(), r.reason()));
        }
        return reasons;
    }

    private static byte[] damage(SplittableRandom random, byte[] whole) {
        byte[] bytes = whole;
        for (int i = random.nextInt(4); i >= 0 && bytes.length > 1; i--) {
            int at = random.nextInt(bytes.length);
            int to = Math.min(bytes.length, at + 1 + random.nextInt(random.nextBoolean() ? 3 : 40));
            byte[] some = new byte[random.nextInt(4)];
            for (int k = 0; k < some.length; k++) {
                some[k] = BYTES[random.nextInt(BYTES.length)];
            }
            bytes = switch (random.nextInt(6)) {
                case 0 -> join(bytes, at, some, Math.min(bytes.length, at + some.length)); // overwrite
                case 1 -> join(bytes, at, some, at); // insert
                case 2 -> join(bytes, at, new byte[0], to); // take out
                case 3 -> join(bytes, to, Arrays.copyOfRange(bytes, at, to), to); // twice
                case 4 -> join(bytes, bytes.length, some, bytes.length); // behind
                default -> Arrays.copyOf(bytes, random.nextInt(8) == 0 ? to : bytes.length); // cut off
            };
        }
        return bytes.length == 0 ? new byte[] {'x'} : bytes;
    }

    private static byte[] join(byte[] bytes, int until, byte[] between, int from) {
        byte[] joined = new byte[until + between.length + bytes.length - from];
        System.arraycopy(bytes, 0, joined, 0, until);
        System.arraycopy(between, 0, joined, until, between.length);
        System.arraycopy(bytes, from, joined, until + between.length, bytes.length - from);
        return joined;
    }

    /**
     * Whether the reason is a matter of taste: a number or a word at the top, to whose end something sticks; a NUL at the
     * beginning, which may be UTF-16 or no JSON.
     */
    private static boolean isTaste(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1).stripLeading();
        return !text.isEmpty() && ("{[\"".indexOf(text.charAt(0)) < 0 || text.indexOf(0) == 1);
    }

    private static String judge(byte[] bytes) {
        List<Byte> blanks = List.of((byte) ' ', (byte) '\t', (byte) '\n', (byte) '\r');
        boolean blank = true;
        for (byte b : bytes) {
            blank &= blanks.contains(b);
        }
        if (blank) {
            return "empty";
        }
        try {
            if (StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .get(0)
                    == '\ufeff') {
                return "not-utf8";
            }
        } catch (CharacterCodingException e) {
            return "not-utf8";
        }
        try (JsonParser parser = JSON.createParser(new String(bytes, StandardCharsets.UTF_8))) {
            return judge(parser);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String judge(JsonParser parser) throws IOException {
        boolean object;
        try {
            JsonToken first = parser.nextToken();
            object = first == JsonToken.START_OBJECT;
            List<JsonToken> open = new ArrayList<>();
            for (JsonToken token = first; ; token = parser.nextToken()) {
                if (token == null) {
                    return "not-json";
                }
                if (token.isStructStart()) {
                    open.add(token);
                } else if (token.isStructEnd()) {
                    open.remove(open.size() - 1);
                } else if (token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME) {
                    parser.getText();
                }
                if (open.isEmpty()) {
                    break;
                }
            }
        } catch (StreamConstraintsException e) {
            return "too-deep";
        } catch (IOException e) {
            return "not-json";
        }
        if (!object) {
            return "not-an-object";
        }
        try {
            return parser.nextToken() == null ? null : "trailing-data";
        } catch (IOException e) {
            return "trailing-data";
        }
    }
}
