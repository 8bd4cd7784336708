package io.tidemark.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamConfigReaderTest {
    private static final Path HERE = Path.of(".");
    private static final String SMALL = """
            stream: orders
            topic: shop-orders
            dimensions:
              country:
                - field: /country
            """;

    private static List<String> problems(String yaml, Path folder) {
        InvalidConfigException e =
                catchThrowableOfType(InvalidConfigException.class, () -> StreamConfigReader.read(yaml, folder));
        return e == null ? List.of() : e.format("f").lines().toList();
    }

    private static List<String> problems(String yaml) {
        return problems(yaml, HERE);
    }

    @Test
    void theSmallestConfigurationHasTheDefaults() {
        StreamConfig config = StreamConfigReader.read(SMALL, HERE);
        assertThat(config.name()).isEqualTo("orders");
        assertThat(config.topic()).isEqualTo("shop-orders");
        assertThat(config.startAt()).isEqualTo(StreamConfig.StartAt.EARLIEST);
        assertThat(config.readCommitted()).isTrue();
        assertThat(config.compactionMeant()).isFalse();
        assertThat(config.shards()).isEqualTo(1);
        assertThat(config.lateness()).isEqualTo(Duration.ofHours(1));
        assertThat(config.retention())
                .isEqualTo(Map.of(BucketSize.MINUTE, Duration.ofHours(48), BucketSize.HOUR, Duration.ofDays(60)));
        assertThat(config.dimensions())
                .containsExactly(new Dimension(
                        "country", false, true, Set.of(BucketSize.MINUTE, BucketSize.HOUR), Dimension.DEFAULT_CAP));
    }

    @Test
    void theBundledStreamIsTheContracts() {
        StreamConfig wiki = BundledStreams.wikipedia();
        assertThat(wiki.dimensions())
                .extracting(Dimension::name)
                .containsExactly("action", "kind", "actor", "login", "namespace", "wiki", "user", "page");
        Dimension user = wiki.dimension("user").orElseThrow();
        assertThat(user).isEqualTo(new Dimension("user", true, false, Set.of(BucketSize.HOUR), 100_000));
        assertThat(wiki.aliases().resolve("g2_edit")).contains(new Category("action", "edit"));
        assertThat(wiki.aliases().resolve("g3_LoggedIN")).contains(new Category("login", "loggedin"));
        assertThat(StreamConfigReader.stored(wiki.text())).isEqualTo(wiki);
    }

    @Test
    void everyMistakeIsReportedAtOnceWithItsPlaceAndTheNearestWord() {
        String yaml = """
                stream: Orders
                topic: shop orders
                strat: latest
                shards: 0
                time:
                  feilds: [/at]
                  lateness: soon
                buckets:
                  minute: 48h
                  hours: 60d
                dimensions:
                  country:
                    - feild: /country
                  Size: []
                  total:
                    rules: [{category: x}]
                    cap: 5
                    buckets: [mintue]
                  method:
                    - if: {/method: {start-with: a}}
                      category: card
                    - if: {pressent: /x}
                      category: (other)
                    - category: ""
                aliases:
                  card: methd:card
                """;
        assertThat(problems(yaml))
                .containsExactly(
                        "f:1:9: a stream's name is a lower-case letter and up to 31 more of a-z, 0-9 and -, but this is"
                                + " \"Orders\"",
                        "f:2:8: a topic's name has 1 to 249 of a-z, A-Z, 0-9, dot, _ and -, but this is \"shop orders\"",
                        "f:3:1: option \"strat\" is not known; did you mean start? (known: stream, topic, start,"
                                + " read-committed, compacted, shards, types, lookups, where, required, time, buckets,"
                                + " dimensions, aliases, sums, topology)",
                        "f:4:9: shards must be a whole number from 1 to 64, but this is \"0\"",
                        "f:6:3: option of time \"feilds\" is not known; did you mean fields? (known: fields, lateness)",
                        "f:7:13: lateness must be a length of time such as 90s, 15m, 48h or 60d, but this is \"soon\"",
                        "f:10:3: bucket size \"hours\" is not known; did you mean hour? (known: minute, hour, day)",
                        "f:13:7: part of a rule \"feild\" is not known; did you mean field? (known: if, category, field,"
                                + " lookup, join, with)",
                        "f:13:7: a rule gives one category, by one of category: TEXT, field: /POINTER, join: [/A, /B],"
                                + " but this has none of them",
                        "f:14:3: a dimension's name is a lower-case letter and up to 31 more of a-z, 0-9 and -, but this"
                                + " is \"Size\"",
                        "f:17:5: only a ranked dimension has a cap; add ranked: true to dimension total",
                        "f:18:15: bucket size of this stream \"mintue\" is not known; did you mean minute? (known:"
                                + " minute)",
                        "f:20:22: test \"start-with\" is not known; did you mean starts-with? (known: equals, one-of,"
                                + " pattern, starts-with, at-least, above, at-most, below, ip-address, in)",
                        "f:22:12: condition \"pressent\" is not known; did you mean present? (known: any, all, not,"
                                + " present, absent, /FIELD)",
                        "f:23:17: a category is reserved; (unknown), (other) and (too long) are counted by themselves",
                        "f:24:17: a category must be a text, but this is \"\"",
                        "f:26:9: dimension \"methd\" is not known; did you mean method? (known: country, total, method)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {/a: null}                          | null is as absent everywhere: write absent: /a
            {/a: {}}                            | a test of /a is missing
            {/a: []}                            | this list is empty
            {/a: {pattern: '('}}                | this regular expression is not right
            {/a: {pattern: '(?=x)'}}            | this regular expression is not right
            {/a: {at-least: 5, below: 5}}       | no number lies in this range
            {/a: {at-least: 0x10}}              | a number is written as in JSON
            {/a: {below: .inf}}                 | a number is written as in JSON
            {/a: {ip-address: 5}}               | ip-address must be true, 4 or 6
            {/a: {in: nowhere}}                 | lookup "nowhere" is not known
            {/a~: x}                            | in a JSON pointer ~ is written ~0
            {any: {/a: x}}                      | any must be a list of conditions
            {any: [], /b: x}                    | any must be a list of conditions
            {/a: x, /a: y}                      | "/a" stands twice here
            {/a: 3, /b: {in: [x]}, any: [{/a: x}]} | /a is compared with text here but is number
            {/country: true}                    | /country is compared with true or false here but is text
            [x]                                 | a condition must be a mapping
            {[x]: y}                            | a key must be a plain word
            """)
    void mistakesInConditionsAreNamed(String condition, String message) {
        String yaml = SMALL + "    - if: " + condition + "\n      category: x\n";
        yaml = yaml.replace("    - field", "    - if: {/country: \"q\"}\n      field");
        assertThat(problems(yaml)).as(yaml).anyMatch(problem -> problem.contains(message));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            - {field: /a, category: b}            | but this has category and field
            - {field: /a, with: '-'}              | with goes with join only
            - {join: [/a]}                        | join must be a list of two or more
            - {join: [/a, b]}                     | a JSON pointer begins with /
            - {field: a}                          | a JSON pointer begins with /
            - {field: /a, lookup: {x: (other)}}   | is reserved
            - {field: /a, lookup: [x]}            | only lists values
            - {field: /a, lookup: {file: no.csv}} | there is no lookup file "no.csv"
            - {field: /a, lookup: {}}             |
            - {if: {/n: 3}, field: /n}            | /n is a number
            - x                                   | a rule must be a mapping
            - {category: "a\\ud800"}              | has half a surrogate pair
            - {category: a} |
            """)
    void mistakesInRulesAreNamed(String rule, String message) {
        String yaml = SMALL + "  other:\n    " + rule + "\n";
        if (message == null) {
            assertThat(problems(yaml)).isEmpty();
        } else {
            assertThat(problems(yaml)).as(yaml).anyMatch(problem -> problem.contains(message));
        }
    }

    @Test
    void aRuleThatIsNeverUsedIsAMistake() {
        assertThat(problems(SMALL + "  x:\n    - category: a\n    - category: b\n"))
                .containsExactly("f:8:7: this rule is never used: the one in line 7 always gives a category");
    }

    @Test
    void typesThatNobodyReadsAndWrongKeysAreMistakes() {
        assertThat(problems(SMALL + "types: {/nothing: text, /country: whole}\n"))
                .anyMatch(p -> p.contains("/nothing has a type but is read nowhere"))
                .anyMatch(p -> p.contains("type \"whole\" is not known"));
        assertThat(problems(SMALL + "  n: [{field: /n, lookup: {x: y}}]\ntypes: {/n: whole-number}\n"))
                .anyMatch(p -> p.contains("has the value \"x\", but /n is whole-number"));
    }

    @Test
    void whatIsNoYamlIsReportedWithItsPlace() {
        assertThat(problems("stream: [a\n")).singleElement().asString().startsWith("f:2:1: not YAML: ");
        assertThat(problems("")).containsExactly("f:1:1: there is nothing in this configuration");
        assertThat(problems("- a\n"))
                .containsExactly(
                        "f:1:1: a configuration must be a mapping of names to values (name: value), but this is a list");
        assertThat(problems(SMALL + "---\nx: y\n"))
                .containsExactly("f:7:1: a configuration is one YAML document, but here a second one begins");
        assertThat(problems("a: &a [*a]")).isNotEmpty();
        assertThat(problems("[".repeat(5_000))).isNotEmpty();
    }

    @Test
    void aBucketMustOutliveTheLateness() {
        assertThat(problems(SMALL + "time: {lateness: 2h}\nbuckets: {minute: 1h}\n"))
                .containsExactly(
                        "f:7:19: a minute must be kept for at least its own length and the lateness, 7260s, or late"
                                + " events would fall into buckets that are gone");
    }

    @Test
    void lookupFilesAreStoredWithTheConfiguration(@TempDir Path folder) throws IOException {
        Files.writeString(
                folder.resolve("countries.csv"),
                "# comment\nDE, Europe\nFR,Europe\n\nJP,Asia \u00e9\ud83d\ude00\"\\\n");
        String yaml = SMALL + """
                  continent:
                    - field: /country
                      lookup: {file: countries.csv}
                """;
        StreamConfig config = StreamConfigReader.read(yaml, folder);
        StreamConfig stored = StreamConfigReader.stored(config.text());
        assertThat(stored).isEqualTo(config);
        Files.writeString(folder.resolve("countries.csv"), "FR,Europe\r\nDE,Europe\r\nJP,Asia \u00e9\ud83d\ude00\"\\");
        assertThat(StreamConfigReader.read(yaml, folder).fingerprint())
                .as("order and line ends decide nothing")
                .isEqualTo(config.fingerprint());
        Files.writeString(folder.resolve("countries.csv"), "DE,Europe\n");
        assertThat(StreamConfigReader.read(yaml, folder).fingerprint()).isNotEqualTo(config.fingerprint());
        Files.write(folder.resolve("countries.csv"), new byte[] {(byte) 0xFF});
        assertThat(problems(yaml, folder)).singleElement().asString().contains("is not UTF-8");
        Files.writeString(folder.resolve("countries.csv"), "DE,Europe\nFR\n");
        assertThat(problems(yaml, folder)).singleElement().asString().contains("some lines are \"value,group\"");
        Files.writeString(folder.resolve("countries.csv"), "DE,Europe\nDE,Asia\n");
        assertThat(problems(yaml, folder)).singleElement().asString().contains("for the second time");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            topic: shop-orders  | topic: other                      | same
            dimensions:         | # comment \\n\\ndimensions:       | same
            dimensions:         | start: latest\\ndimensions:       | same
            dimensions:         | aliases: {x: 'country:x'}\\ndimensions: | same
            dimensions:         | compacted: true\\ndimensions:     | same
            - field: /country   | - {field: "/country"}             | same
            - field: /country   | - field: /land                    | differs
            - field: /country   | - {field: /country, lookup: {a: b}} | differs
            country:            | land:                             | differs
            dimensions:         | shards: 2\\ndimensions:           | differs
            dimensions:         | read-committed: false\\ndimensions: | differs
            dimensions:         | required: [/id]\\ndimensions:     | differs
            dimensions:         | time: {lateness: 2h}\\ndimensions: | differs
            dimensions:         | time: {fields: /at}\\ndimensions: | differs
            dimensions:         | buckets: {minute: 48h, hour: 61d}\\ndimensions: | differs
            dimensions:         | buckets: {minute: 48h}\\ndimensions: | differs
            dimensions:         | where: {/a: b}\\ndimensions:      | differs
            dimensions:         | types: {/country: boolean}\\ndimensions: | differs
            """)
    void theFingerprintCoversWhatDecidesCounts(String part, String other, String verdict) {
        String changed = SMALL.replace(part, other.replace("\\n", "\n"));
        assertThat(changed).isNotEqualTo(SMALL);
        String before = StreamConfigReader.read(SMALL, HERE).fingerprint();
        String after = StreamConfigReader.read(changed, HERE).fingerprint();
        assertThat(after.equals(before) ? "same" : "differs").isEqualTo(verdict);
    }
}
