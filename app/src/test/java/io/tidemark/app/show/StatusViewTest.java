package io.tidemark.app.show;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StatusViewTest {
    @Test
    void whatIsWrongIsSaidWithWhatToDo() {
        Answer answer = Answer.of(
                "{\"stream\":\"wiki\",\"cut\":{\"start\":{\"0\":0},\"offsets\":{\"0\":1200},\"skipped\":["
                        + "{\"partition\":0,\"first\":100,\"end\":150}],\"version\":7},\"accounts\":{\"records\":1150},"
                        + "\"state\":\"stalled\",\"why\":\"300 records wait\",\"lag\":300,\"lagSeconds\":130,\"lags\":{\"0\":300},"
                        + "\"ratePerSecond\":12.5,\"components\":{\"redis\":\"up\",\"coordinator\":\"up\",\"kafka\":\"away\"},"
                        + "\"end\":{\"0\":1500},\"open\":{\"0\":1600},\"writer\":\"w\",\"capped\":\"hour:user:2026-11-24T10\"}");
        assertThat(StatusView.isWell(answer)).isFalse();
        assertThat(StatusView.lines(answer))
                .contains(
                        "  lag        300 records, 2 min",
                        "  rate       12.5 events a second in the last minute",
                        "  open       a transaction holds back what was written to partition 0 up to 1,600",
                        "  skipped    partition 0 from 100 to 149: never counted",
                        "  capped     hour:user:2026-11-24T10 had no room for a new category: it is counted as (other);"
                                + " raise the dimension's cap",
                        "  away       kafka");
    }

    @Test
    void whatIsWellIsNotMentioned() {
        Answer answer =
                Answer.of("{\"stream\":\"wiki\",\"cut\":{\"offsets\":{\"0\":1},\"skipped\":[]},\"state\":\"running\","
                        + "\"why\":\"up to date\",\"lag\":0,\"lagSeconds\":0,\"components\":{\"redis\":\"up\"}}");
        assertThat(StatusView.isWell(answer)).isTrue();
        assertThat(StatusView.lines(answer))
                .contains("  lag        0 records")
                .noneMatch(line -> line.matches("  (open|skipped|capped|away) .*"));
    }
}
