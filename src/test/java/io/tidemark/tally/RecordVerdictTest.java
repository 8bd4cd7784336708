package io.tidemark.tally;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a record becomes, line by line of the contract's table. Each row is an input and its verdict. */
class RecordVerdictTest {
    private static final long NOW = Instant.parse("2026-04-11T10:00:00Z").toEpochMilli();
    private static final StreamConfig CONFIG = StreamConfigReader.read("""
            stream: s
            topic: t
            where:
              not: {/meta/domain: canary}
            required: [/id]
            time: {fields: [/meta/dt, /ts]}
            types: {/ns: whole-number}
            dimensions:
              text: [{field: /text}]
              flag: [{field: /flag, lookup: {true: yes, false: no}}]
              number:
                - if: {/price: {below: 10}}
                  category: cheap
                - if: {present: /price}
                  category: dear
              ns: [{field: /ns}]
              seen:
                - if: {present: /any}
                  category: seen
            """, Path.of("."));

    private static String verdict(byte[] record) {
        Tally tally = new Counting(CONFIG, NOW).add(record).tally();
        if (tally.accounts().rejected() == 1) {
            return tally.reasons().keySet().iterator().next();
        }
        return tally.accounts().filtered() == 1 ? "filtered" : tally.accounts().late() == 1 ? "late" : "counted";
    }

    private static String verdict(String record) {
        return verdict(record.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void nullIsNullValue() {
        assertThat(verdict((byte[]) null)).isEqualTo("null-value");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // empty: no bytes, or JSON's white space only
                "            | empty",
                "20 09 0a 0d | empty",
                "0c          | not-json", // form feed is no JSON white space
                "c2 a0       | not-json", // nor is a no-break space
                "e3 80 80    | not-json",
                // not strict UTF-8, looked for over the whole value before anything else
                "ef bb bf 7b 7d                | not-utf8", // byte order mark
                "ef bb bf                      | not-utf8",
                "ff fe 00                      | not-utf8",
                "fe ff 00 7b 00 7d             | not-utf8",
                "7b 00 7d 00                   | not-utf8", // UTF-16LE by the pattern of its NULs
                "00 7b 00 7d                   | not-utf8", // UTF-16BE
                "7b 00 00 00 7d 00 00 00       | not-utf8", // UTF-32LE
                "00 00 00 7b 00 00 00 7d       | not-utf8", // UTF-32BE
                "20 00 20 00                   | not-utf8",
                "00 00 00 00                   | not-json", // no pattern: NULs in UTF-8
                "31 00                         | not-an-object",
                "7b 7d 00                      | trailing-data",
                "c0 80                         | not-utf8", // overlong
                "c1 bf                         | not-utf8",
                "e0 80 80                      | not-utf8",
                "f0 80 80 80                   | not-utf8",
                "ed a0 80                      | not-utf8", // encoded surrogate
                "ed bf bf                      | not-utf8",
                "f4 90 80 80                   | not-utf8", // above U+10FFFF
                "f5 80 80 80                   | not-utf8",
                "80                            | not-utf8", // lone continuation
                "e2 82                         | not-utf8", // cut off
                "7b 7d 20 ff                   | not-utf8", // behind the object
                "7b 22 78 22 3a 22 ff 22 7d    | not-utf8", // in a field that is not read
                "78 ff                         | not-utf8", // before not-json
                "7b 22 78 22 3a 22 f4 8f bf bf 22 2c 22 69 64 22 3a 31 7d | counted",
            })
    void bytes(String hex, String verdict) {
        byte[] record = hex == null ? new byte[0] : HexFormat.ofDelimiter(" ").parseHex(hex.strip());
        assertThat(verdict(record)).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                // does not begin with a complete JSON value
                "tick 17 from server           | not-json",
                "-                             | not-json",
                "+1                            | not-json",
                ".5                            | not-json",
                "tru                           | not-json",
                "nul                           | not-json",
                "True                          | not-json",
                "NaN                           | not-json",
                "\"cut                         | not-json",
                "\"\\x\"                       | not-json",
                "[1,2                          | not-json",
                "[1,]                          | not-json",
                "{\"type\":\"edit\"            | not-json",
                "{                             | not-json",
                "}                             | not-json",
                "{\"id\":1,}                   | not-json",
                "{\"id\":01}                   | not-json",
                "{\"id\":1.}                   | not-json",
                "{'id':1}                      | not-json",
                "{\"id\":1 /* c */}            | not-json",
                "{\"x\":\"a\tb\"}              | not-json", // control character in a text
                "{\"id\":NaN}                  | not-json",
                "{\"id\":1 \"x\":2}            | not-json",
                "{id:1}                        | not-json",
                "{\"id\":\"\\u12\"}            | not-json",
                // begins with a complete value that is no object
                "42                            | not-an-object",
                "42abc                         | not-an-object",
                "01                            | not-an-object",
                "-7x                           | not-an-object",
                "1.                            | not-an-object",
                "null                          | not-an-object",
                "nullify                       | not-an-object",
                "truefoo                       | not-an-object",
                "false                         | not-an-object",
                "\"text\"                      | not-an-object",
                "\"text\" more                 | not-an-object",
                "[1,2,3]                       | not-an-object",
                "[1] {                         | not-an-object",
                "[]                            | not-an-object",
                // something after the object
                "{\"id\":1}xyz                 | trailing-data",
                "{\"id\":1} {\"id\":2}         | trailing-data",
                "{\"id\":1},                   | trailing-data",
                "{} [[[[                       | trailing-data",
                "{}\u00a0                      | trailing-data",
                // a field that is read stands twice
                "{\"id\":1,\"text\":\"a\",\"text\":\"a\"}                | duplicate-key",
                "{\"id\":1,\"text\":\"a\",\"te\\u0078t\":\"b\"}          | duplicate-key",
                "{\"id\":1,\"text\":null,\"text\":\"a\"}                 | duplicate-key",
                "{\"id\":1,\"meta\":{},\"meta\":{}}                      | duplicate-key",
                "{\"id\":1,\"meta\":1,\"meta\":{\"dt\":1}}               | duplicate-key",
                "{\"id\":1,\"meta\":{\"dt\":1,\"dt\":2}}                 | duplicate-key",
                "{\"id\":1,\"x\":1,\"x\":2}                              | counted",
                "{\"id\":1,\"x\":{\"id\":1},\"y\":{\"text\":5}}          | counted",
                "{\"id\":1,\"text\":\"a\",\"text\":\"b\"                 | not-json",
                "{\"id\":1,\"text\":\"a\",\"text\":\"b\"} x              | trailing-data",
                "{\"meta\":{\"domain\":\"canary\",\"domain\":\"canary\"}}| duplicate-key",
                // where says no
                "{\"meta\":{\"domain\":\"canary\"}}                      | filtered",
                "{\"meta\":{\"domain\":\"canary\"},\"text\":5}           | filtered",
                "{\"meta\":{\"domain\":\"canary\"},\"text\":\"\\ud800\"} | filtered",
                "{\"id\":1,\"meta\":{\"domain\":\"Canary\"}}             | counted",
                "{\"id\":1,\"meta\":[{\"domain\":\"canary\"}]}           | counted", // leads through an array
                "{\"id\":1,\"meta\":{\"domain\":[\"canary\"]}}           | wrong-type",
                // another type, whether or not a rule came to it
                "{\"id\":1,\"text\":5}                   | wrong-type",
                "{\"id\":1,\"text\":true}                | wrong-type",
                "{\"id\":1,\"text\":{}}                  | wrong-type",
                "{\"id\":1,\"text\":[]}                  | wrong-type",
                "{\"id\":1,\"text\":null}                | counted",
                "{\"id\":1,\"flag\":\"true\"}            | wrong-type",
                "{\"id\":1,\"flag\":0}                   | wrong-type",
                "{\"id\":1,\"flag\":null}                | counted",
                "{\"id\":1,\"price\":\"5\"}              | wrong-type",
                "{\"id\":1,\"price\":5}                  | counted",
                "{\"id\":1,\"ns\":3}                     | counted",
                "{\"id\":1,\"ns\":3.5}                   | wrong-type",
                "{\"id\":1,\"ns\":1e-1}                  | wrong-type",
                "{\"id\":1,\"ns\":\"\"}                  | wrong-type",
                "{\"id\":1,\"ns\":\"x\"}                 | wrong-type",
                "{\"id\":1,\"ns\":\" 3\"}                | wrong-type",
                "{\"id\":1,\"ns\":\"03\"}                | wrong-type",
                "{\"id\":1,\"ns\":\"3.0\"}               | wrong-type",
                "{\"id\":1,\"ns\":true}                  | wrong-type",
                "{\"id\":{\"a\":[1]}}                    | counted", // only tested for presence
                "{\"id\":1,\"any\":[1]}                  | counted",
                "{\"id\":1,\"ts\":{}}                    | counted", // a time field takes any type
                "{\"text\":5}                            | wrong-type", // before missing-field
                "{\"text\":5,\"flag\":\"\\ud800\"}       | wrong-type", // before bad-text
                // half a surrogate pair in a text that is read
                "{\"id\":1,\"text\":\"\\ud800\"}         | bad-text",
                "{\"id\":1,\"text\":\"a\\udc00b\"}       | bad-text",
                "{\"id\":1,\"text\":\"\\udc00\\ud800\"}  | bad-text",
                "{\"id\":\"\\ud800\"}                    | bad-text",
                "{\"text\":\"\\ud800\"}                  | bad-text", // before missing-field
                "{\"id\":1,\"text\":\"\\ud83d\\ude00\"}  | counted",
                "{\"id\":1,\"x\":\"\\ud800\",\"\\ud800\":1} | counted",
                // required, and absent or null
                "{}                                      | missing-field",
                "{\"id\":null}                           | missing-field",
                "{\"ID\":1}                              | missing-field",
                "{\"ts\":\"2099-01-01T00:00:00Z\"}       | missing-field", // before time-in-future
                "{\"id\":\"\"}                           | counted",
                "{\"id\":false}                          | counted",
                // more than an hour after the record's timestamp
                "{\"id\":1,\"ts\":\"2026-04-11T11:00:00.001Z\"} | time-in-future",
                "{\"id\":1,\"ts\":\"2026-04-11T11:00:00Z\"}     | counted",
                "{\"id\":1,\"ts\":4070908800}                   | time-in-future",
                // late: counted, in no bucket
                "{\"id\":1,\"ts\":\"2026-04-11T09:00:00Z\"}     | counted",
                "{\"id\":1,\"ts\":\"2026-04-11T08:59:59.999Z\"} | late",
                "{\"id\":1,\"ts\":0}                            | late",
                // the first field that can be read as a time decides
                "{\"id\":1,\"meta\":{\"dt\":\"soon\"},\"ts\":0}                   | late",
                "{\"id\":1,\"meta\":{\"dt\":\"2026-04-11T10:00:00Z\"},\"ts\":0}   | counted",
                "{\"id\":1,\"ts\":0,\"meta\":{\"dt\":\"2026-04-11T10:00:00Z\"}}   | counted",
            })
    void texts(String record, String verdict) {
        assertThat(verdict(record)).isEqualTo(verdict);
    }

    @Test
    void absurdRecordTimestampsStopNothing() {
        for (long timestamp : new long[] {Long.MAX_VALUE, Long.MIN_VALUE, -1, 253_402_300_800_000L}) {
            Tally tally = new Counting(CONFIG, timestamp)
                    .add("{\"id\":1}", "{\"id\":1,\"ts\":0}", "{\"id\":1,\"ts\":\"9999-12-31T23:59:59Z\"}")
                    .tally();
            assertThat(tally.accounts().records()).isEqualTo(3);
            assertThat(tally.additions().keySet())
                    .filteredOn(key -> !key.isTotal())
                    .isNotEmpty()
                    .allMatch(key -> key.toString().matches("[a-z]+:[a-z]+:[0-9]{4}-[0-9-]{5}T[0-9:]+"));
        }
    }

    @Test
    void valuesThatLookAlikeAreToldApart() {
        String begin = "x".repeat(24);
        Tally tally = new Counting(CONFIG, NOW)
                .add("{\"id\":1,\"text\":\"true\"}", "{\"id\":1,\"text\":true}")
                .add("{\"id\":1,\"text\":\"" + begin + "a\"}", "{\"id\":1,\"text\":\"" + begin + "b\"}")
                .tally();
        assertThat(tally.reasons()).isEqualTo(Map.of("wrong-type", 1L));
        assertThat(Counting.total(tally, "text")).isEqualTo(Map.of("true", 1L, begin + "a", 1L, begin + "b", 1L));
    }

    @Test
    void whiteSpaceAroundTheObjectIsNothing() {
        assertThat(verdict("\t{\"id\" : 1 }\r\n ")).isEqualTo("counted");
    }

    @Test
    void depthIsJudgedBeforeAnyLaterError() {
        assertThat(verdict("[".repeat(1_000))).isEqualTo("not-json");
        assertThat(verdict("[".repeat(1_001))).isEqualTo("too-deep");
        assertThat(verdict("[".repeat(100_000))).isEqualTo("too-deep");
        assertThat(verdict("[".repeat(1_000) + "]".repeat(1_000))).isEqualTo("not-an-object");
        assertThat(verdict("{\"id\":1,\"x\":" + "[".repeat(999) + "]".repeat(999) + "}"))
                .isEqualTo("counted");
        assertThat(verdict("{\"id\":1,\"x\":" + "[".repeat(1_000) + "]".repeat(1_000) + "}"))
                .isEqualTo("too-deep");
        assertThat(verdict("{\"id\":1,\"text\":" + "{\"a\":".repeat(1_000))).isEqualTo("too-deep");
        assertThat(verdict("{\"id\":1,\"id\":2,\"x\":" + "[".repeat(1_001))).isEqualTo("too-deep");
        assertThat(verdict("{\"id\":tru,\"x\":" + "[".repeat(1_001))).isEqualTo("not-json");
        assertThat(verdict("{\"meta\":" + "[".repeat(1_001))).isEqualTo("too-deep");
        assertThat(verdict("{} " + "[".repeat(1_001))).isEqualTo("trailing-data");
        assertThat(verdict("42 " + "[".repeat(1_001))).isEqualTo("not-an-object");
        assertThat(verdict("[1] " + "[".repeat(1_001))).isEqualTo("not-an-object");
    }

    /** A field may be configured so deep that the objects around it are read, not passed over. */
    @Test
    void depthIsJudgedInsideFieldsThatAreReadToo() {
        StreamConfig deep = StreamConfigReader.read(
                "stream: s\ntopic: t\ndimensions:\n  deep: [{field: " + "/a".repeat(1_001) + "}]\n", Path.of("."));
        for (String inner : new String[] {"1", "[]"}) {
            assertThat(reasons(
                            deep,
                            "{\"a\":".repeat(inner.equals("1") ? 1_000 : 999)
                                    + inner
                                    + "}".repeat(inner.equals("1") ? 1_000 : 999)))
                    .isEmpty();
            assertThat(reasons(
                            deep,
                            "{\"a\":".repeat(inner.equals("1") ? 1_001 : 1_000)
                                    + inner
                                    + "}".repeat(inner.equals("1") ? 1_001 : 1_000)))
                    .isEqualTo(Map.of("too-deep", 1L));
        }
        assertThat(reasons(deep, "{\"a\":".repeat(100_000))).isEqualTo(Map.of("too-deep", 1L));
        assertThat(verdict("{\"id\":1,\"text\":" + "[".repeat(999) + "]".repeat(999) + "}"))
                .as("inside a field that is read, as deep as it may be")
                .isEqualTo("wrong-type");
        assertThat(verdict("{\"id\":1,\"text\":" + "[".repeat(1_000) + "]".repeat(1_000) + "}"))
                .isEqualTo("too-deep");
        assertThat(verdict("{\"id\":1,\"meta\":{\"dt\":" + "[".repeat(998) + "]".repeat(998) + "}}"))
                .isNotEqualTo("too-deep");
        assertThat(verdict("{\"id\":1,\"meta\":{\"dt\":" + "[".repeat(999) + "]".repeat(999) + "}}"))
                .isEqualTo("too-deep");
    }

    private static Map<String, Long> reasons(StreamConfig config, String record) {
        return new Counting(config, NOW).add(record).tally().reasons();
    }

    @Test
    void aDuplicateFieldIsNotConfusedWithTheRecordBefore() {
        String record = "{\"id\":1,\"text\":\"a\"}";
        Tally tally = new Counting(CONFIG, NOW)
                .add(record, "{\"text\":\"cut", record, record)
                .tally();
        assertThat(tally.reasons()).isEqualTo(Map.of("not-json", 1L));
        assertThat(Counting.total(tally, "text")).isEqualTo(Map.of("a", 3L));
    }

    @Test
    void hugeNumbersAreExactAndCostNothing() {
        String digits = "1" + "0".repeat(400);
        Map<String, String> expected = Map.of(
                "3.0", "3",
                "-0.0", "0",
                "30e-1", "3",
                "0e1000000000", "0",
                "123456789012345678901234567890", "123456789012345678901234567890",
                "1e400", digits,
                "1e1000000000", "(too long)",
                "-1e99999999999999999999999", "(too long)",
                "2147483648", "2147483648",
                "\"-12\"", "-12");
        expected.forEach((number, category) -> {
            Tally tally = new Counting(CONFIG, NOW)
                    .add("{\"id\":1,\"ns\":" + number + "}")
                    .tally();
            assertThat(Counting.total(tally, "ns")).as(number).isEqualTo(Map.of(category, 1L));
        });
        for (String number : new String[] {"1e1000000000", "1" + "0".repeat(500_000), "1e-1000000000"}) {
            Tally tally = new Counting(CONFIG, NOW)
                    .add("{\"id\":1,\"price\":" + number + ",\"ts\":" + number + "}")
                    .tally();
            assertThat(Counting.total(tally, "number").keySet())
                    .containsExactly(number.equals("1e-1000000000") ? "cheap" : "dear");
        }
    }

    @Test
    void reservedValuesAreKeptApartFromRealOnes() {
        Tally tally = new Counting(CONFIG, NOW)
                .add("{\"id\":1}", "{\"id\":1,\"text\":\"\"}", "{\"id\":1,\"text\":\"(unknown)\"}")
                .add("{\"id\":1,\"text\":\"\\\\(unknown)\"}", "{\"id\":1,\"text\":\"(other)\"}")
                .add("{\"id\":1,\"text\":\"\\\\\\\\(too long)\"}", "{\"id\":1,\"text\":\" (other)\"}")
                .add("{\"id\":1,\"text\":\"(Unknown)\"}", "{\"id\":1,\"text\":\"\\\\x(other)\"}")
                .add("{\"id\":1,\"text\":\"" + "x".repeat(512) + "\"}")
                .add("{\"id\":1,\"text\":\"" + "x".repeat(513) + "\"}")
                .add("{\"id\":1,\"text\":\"" + "\u20ac".repeat(171) + "\"}")
                .add("{\"id\":1,\"text\":\"" + "\u20ac".repeat(170) + "xx\"}")
                .tally();
        assertThat(Counting.total(tally, "text"))
                .containsEntry("(unknown)", 2L)
                .containsEntry("\\(unknown)", 1L)
                .containsEntry("\\\\(unknown)", 1L)
                .containsEntry("\\(other)", 1L)
                .containsEntry("\\\\\\(too long)", 1L)
                .containsEntry(" (other)", 1L)
                .containsEntry("(Unknown)", 1L)
                .containsEntry("\\x(other)", 1L)
                .containsEntry("x".repeat(512), 1L)
                .containsEntry("(too long)", 2L)
                .containsEntry("\u20ac".repeat(170) + "xx", 1L)
                .hasSize(11);
    }
}
