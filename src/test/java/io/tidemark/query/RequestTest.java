package io.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class RequestTest {
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
        assertThat(Request.parse("bot stream=orders", "counts")).isEqualTo(new Request("orders", List.of("bot")));
        assertThat(Request.parse("action:stream=x", "counts")).isEqualTo(new Request(null, List.of("action:stream=x")));
        assertBad("stream=a stream=b", "two streams in one question: a and b; ask one after the other");
    }

    @Test
    void jsonSaysTheSame() {
        assertThat(Request.parse(" {\"stream\": \"wiki\", \"counts\": [\"bot\", \"namespace:User talk\"]} ", "counts"))
                .isEqualTo(new Request("wiki", List.of("bot", "namespace:User talk")));
        assertThat(Request.parse("{}", "counts")).isEqualTo(new Request(null, List.of()));
    }

    @Test
    void whatIsNoQuestionIsSaidSo() {
        assertBad("\"bot", "a double quote is not closed: \"bot");
        assertBad("{\"counts\": [1]}", "\"counts\" holds 1: expected texts like \"actor:bot\"");
        assertBad(
                "{\"counts\": \"bot\"}",
                "field \"counts\" with the value \"bot\": expected \"stream\" with a text, or \"counts\" with a list of"
                        + " texts");
        for (String json : List.of("{", "{} {}", "{\"stream\":\"a\",\"stream\":\"b\"}", "{'a':1}", "{\"counts\":[}")) {
            assertThatThrownBy(() -> Request.parse(json, "counts"))
                    .as(json)
                    .isInstanceOf(QueryException.class)
                    .hasMessageStartingWith("the question is not JSON: ");
        }
        assertBad("x".repeat(100_001), "the question has 100001 characters; at most 100000 are read");
    }

    private static void assertWords(String text, String... words) {
        assertThat(Request.parse(text, "counts")).isEqualTo(new Request(null, List.of(words)));
    }

    private static void assertBad(String text, String message) {
        assertThatThrownBy(() -> Request.parse(text, "counts"))
                .isInstanceOfSatisfying(
                        QueryException.class, e -> assertThat(e.code()).isEqualTo("bad-request"))
                .hasMessage(message);
    }
}
