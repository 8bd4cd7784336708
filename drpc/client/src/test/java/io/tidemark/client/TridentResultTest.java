package io.tidemark.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TridentResultTest {
    @Test
    void takesTheAnswerOutOfItsTuple() {
        assertThat(TridentResult.unwrap("[[\"{\\\"query\\\":\\\"a \\\\\\\"b\\\\\\\"\\\"}\"]]"))
                .isEqualTo("{\"query\":\"a \\\"b\\\"\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"query\":\"\"}", "[]", "[[]]", "[[\"a\",\"b\"]]", "[[\"a\"],[\"b\"]]", "[[\"a", "[[1]]", ""})
    void leavesAnythingElseAsItIs(String result) {
        assertThat(TridentResult.unwrap(result)).isEqualTo(result);
    }

    @Test
    void leavesNoResultAsItIs() {
        assertThat(TridentResult.unwrap(null)).isNull();
    }
}
