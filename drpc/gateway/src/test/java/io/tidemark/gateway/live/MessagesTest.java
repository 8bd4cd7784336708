package io.tidemark.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MessagesTest {
    private static JsonNode answer(long offset, long version, String actor) {
        return Messages.parse(
                "{\"stream\":\"wiki\",\"query\":\"\",\"cut\":{\"start\":{\"0\":0},\"offsets\":{\"0\":" + offset
                        + "},\"version\":" + version + "},\"accounts\":{\"records\":" + offset
                        + "},\"counts\":{\"actor\":" + actor
                        + "},\"labels\":{\"bot\":" + offset + "}}");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void theFirstStateIsWhole() {
        State state = Messages.state(1, null, answer(3, 1, "{\"bot\":3}"));

        assertThat(state.changes()).isNull();
        assertThat(text(Messages.whole(state, 0, 300)))
                .isEqualTo(
                        "{\"type\":\"full\",\"retryMillis\":300,\"seq\":1,\"stream\":\"wiki\",\"cut\":{\"start\":{\"0\":0},"
                                + "\"offsets\":{\"0\":3},\"version\":1},\"accounts\":{\"records\":3},\"counts\":{\"actor\":{\"bot\":3}},"
                                + "\"labels\":{\"bot\":3}}");
        assertThat(text(Messages.whole(state, 4, 300))).startsWith("{\"type\":\"full\",\"missed\":4,\"retryMillis\"");
    }

    @Test
    void theNextSaysWhatHasChanged() {
        State state = Messages.state(
                2, answer(3, 1, "{\"bot\":3,\"human\":1}"), answer(4, 2, "{\"bot\":4,\"human\":1,\"new\":1}"));

        assertThat(text(state.changes()))
                .isEqualTo(
                        "{\"type\":\"changes\",\"seq\":2,\"cut\":{\"start\":{\"0\":0},\"offsets\":{\"0\":4},\"version\":2},"
                                + "\"accounts\":{\"records\":4},\"counts\":{\"actor\":{\"bot\":4,\"new\":1}},\"labels\":{\"bot\":4}}");
        assertThat(state.labelsChanged()).isTrue();
    }

    @Test
    void aCutThatGoesBackIsWholeForEverybody() {
        JsonNode before = answer(5, 7, "{\"bot\":5}");

        assertThat(Messages.state(2, before, answer(4, 8, "{\"bot\":4}")).changes())
                .isNull();
        assertThat(Messages.state(2, before, answer(5, 6, "{\"bot\":5}")).changes())
                .isNull();
        assertThat(Messages.goesOn(before, answer(5, 7, "{\"bot\":5}"))).isTrue();
    }

    @Test
    void theSameCutIsNotToldTwice() {
        JsonNode before = answer(5, 7, "{\"bot\":5}");

        assertThat(Messages.isSame(before, answer(5, 7, "{\"bot\":5}"))).isTrue();
        assertThat(Messages.isSame(before, answer(6, 8, "{\"bot\":6}"))).isFalse();
        assertThat(Messages.isSame(null, before)).isFalse();
    }

    @Test
    void anotherStreamsCountsAreWholeForEverybodyHoweverLikeTheyAre() {
        JsonNode before = answer(5, 7, "{\"bot\":5}");
        ObjectNode now = answer(5, 7, "{\"bot\":5}").deepCopy();
        now.put("answeredBy", "wiki-2");

        assertThat(Messages.isSame(before, now)).isFalse();
        assertThat(Messages.state(2, before, now).changes()).isNull();
        assertThat(Messages.isSame(now, now)).isTrue();
    }
}
