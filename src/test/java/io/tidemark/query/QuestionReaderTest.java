package io.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.query.Question.Section;
import io.tidemark.query.Question.TopAsked;
import io.tidemark.query.Question.TrendAsked;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class QuestionReaderTest {
    @Test
    void wordsArePartedByWhiteSpaceAndKeptTogetherByQuotes() {
        assertWords("bot  \t human", "bot", "human");
        assertWords("\"namespace:User talk\" namespace:\"User talk\"", "namespace:User talk", "namespace:User talk");
        assertWords("\"user:A \\\"B\\\" \\\\ C\"", "user:A \"B\" \\ C");
        assertWords("namespace:\\(unknown)", "namespace:\\(unknown)");
        assertWords("\"page:a\\nb\"", "page:a\\nb");
        assertWords("\"\"", "");
        assertWords("   ");
        assertWords(null);
    }

    @Test
    void theStreamIsAWordOfItsOwn() {
        assertThat(counts("bot stream=orders")).isEqualTo(counting("orders", List.of("bot")));
        assertThat(counts("action:stream=x")).isEqualTo(counting(null, List.of("action:stream=x")));
        assertBad("stream=a stream=b", "two streams in one question: a and b; ask one after the other");
    }

    @Test
    void jsonSaysTheSame() {
        assertThat(counts(" {\"stream\": \"wiki\", \"counts\": [\"bot\", \"namespace:User talk\"]} "))
                .isEqualTo(counting("wiki", List.of("bot", "namespace:User talk")));
        assertThat(counts("{}")).isEqualTo(counting(null, List.of()));
    }

    @Test
    void severalThingsAreAskedInOneQuestion() {
        Question question = QuestionReader.read(
                "ask",
                "{\"format\":1,\"stream\":\"wiki\",\"counts\":[],\"trend\":{\"of\":\"actor\",\"from\":\"-1h\"},"
                        + "\"top\":[{\"of\":\"page\",\"n\":3},{\"of\":\"user\",\"total\":true}],\"status\":true,"
                        + "\"zone\":\"Europe/Berlin\",\"atLeast\":{\"0\":5,\"3\":7}}");
        assertThat(question)
                .isEqualTo(new Question(
                        "wiki",
                        List.of(),
                        new Section<>(List.of(new TrendAsked(List.of("actor"), "-1h", null, null)), false),
                        new Section<>(
                                List.of(
                                        new TopAsked("page", 3, null, null, false),
                                        new TopAsked("user", 10, null, null, true)),
                                true),
                        true,
                        ZoneId.of("Europe/Berlin"),
                        new TreeMap<>(Map.of(0, 5L, 3, 7L))));
    }

    @Test
    void wordsDoForOneThing() {
        assertThat(QuestionReader.read("trend", "actor bot from=-3h to=now step=5m zone=+02:00 stream=wiki")
                        .trends())
                .isEqualTo(new Section<>(List.of(new TrendAsked(List.of("actor", "bot"), "-3h", "now", "5m")), false));
        assertThat(QuestionReader.read("top", "page n=20 from=2026-11-24 atLeast=0:5,1:7"))
                .isEqualTo(new Question(
                        null,
                        null,
                        null,
                        new Section<>(List.of(new TopAsked("page", 20, "2026-11-24", null, false)), false),
                        false,
                        ZoneOffset.UTC,
                        new TreeMap<>(Map.of(0, 5L, 1, 7L))));
        assertThat(QuestionReader.read("status", "stream=wiki").status()).isTrue();
        assertThat(QuestionReader.read("top", "page total")
                        .tops()
                        .items()
                        .get(0)
                        .total())
                .isTrue();
    }

    @Test
    void whatIsNullIsAsAbsent() {
        assertThat(counts("{\"stream\":null,\"counts\":null,\"trend\":null,\"top\":null,\"status\":null,\"zone\":null,"
                        + "\"atLeast\":null,\"format\":null}"))
                .isEqualTo(counts("{}"));
        assertThat(QuestionReader.read(
                        "ask",
                        "{\"trend\":{\"of\":null,\"from\":null,\"to\":null,\"step\":null},"
                                + "\"top\":{\"of\":\"page\",\"n\":null,\"from\":null,\"to\":null,\"total\":null}}"))
                .isEqualTo(QuestionReader.read("ask", "{\"trend\":{},\"top\":{\"of\":\"page\"}}"));
        assertBad("{\"top\": {\"of\": null}}", "top of what? Name a dimension");
        assertBad("{\"trend\": [null]}", "trend is null: expected an object");
        assertBad("{\"counts\": [null]}", "\"counts\" holds null: expected texts like \"actor:bot\"");
        assertBad("{\"count\": null}", "a question has no field \"count\"");
        assertBad("{\"atLeast\": {\"0\": null}}", "\"atLeast\" is {\"0\":null}: expected offsets, as in {\"0\": 5121}");
    }

    @Test
    void whatIsNoQuestionIsSaidSo() {
        assertBad("\"bot", "a double quote is not closed: \"bot");
        assertBad("{\"counts\": [1]}", "\"counts\" holds 1: expected texts like \"actor:bot\"");
        assertBad("{\"counts\": \"bot\"}", "\"counts\" is \"bot\": expected a list of texts like [\"actor:bot\"]");
        assertBad("{\"count\": []}", "a question has no field \"count\"");
        assertBad("{\"format\": 2}", "questions of format 2 are not understood, only 1");
        assertBad(
                "{\"zone\": \"Mars\"}",
                "there is no time zone \"Mars\": expected UTC, Europe/Berlin, +02:00 and the like");
        assertBad("{\"top\": {}}", "top of what? Name a dimension");
        assertBad("{\"top\": {\"of\": \"page\", \"n\": 0}}", "\"n\" is 0: expected a number from 1 to 1000");
        assertBad("{\"trend\": {\"off\": []}}", "trend has no field \"off\"");
        assertBad("{\"atLeast\": {\"x\": 1}}", "\"atLeast\" names partition \"x\": expected a number");
        assertBad("atLeast=0:5,0:1", "\"atLeast\" names partition 0 twice");
        assertBad("{\"atLeast\": {\"0\": 5, \"00\": 1}}", "\"atLeast\" names partition 0 twice");
        assertBad("{\"top\": {\"of\": \"page\", \"n\": 1.5}}", "\"n\" is 1.5: expected a number from 1 to 1000");
        assertBad("atLeast=7", "atLeast=7: expected atLeast=PARTITION:OFFSET,...");
        for (String json : List.of("{", "{} {}", "{\"stream\":\"a\",\"stream\":\"b\"}", "{'a':1}", "{\"counts\":[}")) {
            assertThatThrownBy(() -> counts(json))
                    .as(json)
                    .isInstanceOf(QueryException.class)
                    .hasMessageStartingWith("the question is not JSON: ");
        }
        assertBad("x".repeat(100_001), "the question has 100001 characters; at most 100000 are read");
    }

    private static Question counts(String text) {
        return QuestionReader.read("counts", text);
    }

    private static Question counting(String stream, List<String> words) {
        return new Question(stream, words, null, null, false, ZoneOffset.UTC, new TreeMap<>());
    }

    private static void assertWords(String text, String... words) {
        assertThat(counts(text)).isEqualTo(counting(null, List.of(words)));
    }

    private static void assertBad(String text, String message) {
        assertThatThrownBy(() -> counts(text))
                .isInstanceOfSatisfying(
                        QueryException.class, e -> assertThat(e.code()).isEqualTo("bad-request"))
                .hasMessage(message);
    }
}
