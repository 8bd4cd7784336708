package io.tidemark.app.show;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PeriodViewsTest {
    private static final String HEAD =
            "{\"stream\":\"wiki\",\"query\":\"\",\"format\":1,\"cut\":{\"version\":7,\"asOf\":"
                    + "\"2026-11-24T10:05:03.120Z\",\"readAt\":\"2026-11-24T10:05:04.120Z\"},\"accounts\":{\"records\":1200,"
                    + "\"counted\":1150,\"rejected\":50,\"filtered\":0,\"late\":0},";
    private static final Answer TOP = Answer.of(HEAD
            + "\"top\":{\"of\":\"page\",\"n\":3,\"from\":\"2026-11-23T11:00:00.000Z\",\"to\":\"2026-11-24T11:00:00.000Z\","
            + "\"state\":\"open\",\"sum\":1150,\"exact\":false,\"categories\":[{\"value\":\"A \\\"B\\\", C\",\"count\":800,"
            + "\"share\":0.695652},{\"value\":\"red \\u001b[31m\",\"count\":9,\"share\":0.007826}],"
            + "\"reserved\":{\"(other)\":41}}}");
    private static final Answer TREND = Answer.of(HEAD
            + "\"trend\":{\"step\":\"minute\",\"stepSeconds\":60,\"from\":\"2026-11-24T10:02:00.000Z\",\"to\":"
            + "\"2026-11-24T10:06:00.000Z\",\"zone\":\"UTC\",\"buckets\":[\"2026-11-24T10:02:00Z\",\"2026-11-24T10:03:00Z\","
            + "\"2026-11-24T10:04:00Z\",\"2026-11-24T10:05:00Z\"],\"states\":[\"gone\",\"settled\",\"open\",\"open\"],"
            + "\"events\":[null,0,16,8],\"series\":{\"actor\":{\"bot\":[null,0,1,1],\"human\":[null,0,15,7]}},"
            + "\"exact\":true}}");

    @Test
    void theLargestAreListedWithBarsAndWhatIsNotExact() {
        assertThat(new TopView(true).lines(TOP))
                .containsExactly(
                        "Stream wiki, as of 2026-11-24 10:05:03 UTC (1.0 s ago), version 7",
                        "1,200 records: 1,150 counted (0 of them late), 50 rejected, 0 filtered",
                        "",
                        "Largest of page from 2026-11-23T11:00Z to 2026-11-24T11:00Z, 1,150 events",
                        "   | Category       | Events |  Share |",
                        "---+----------------+--------+--------+--------------------------",
                        " 1 | A \"B\", C       |    800 | 69.57% | " + "█".repeat(24),
                        " 2 | red \\u001b[31m |      9 |  0.78% | ▎",
                        "Beside them: (other) 41",
                        "Not exact: a cap was reached, and some events stand under (other).");
    }

    @Test
    void aTrendIsASmallChartForPeopleAndLinesForPrograms() {
        assertThat(new TrendView(true).lines(TREND).subList(3, 8))
                .containsExactly(
                        "From 2026-11-24T10:02Z to 2026-11-24T10:06Z, 4 steps of minute; 1 gone, 2 open, 1"
                                + " settled",
                        " Category     | Events | Most |",
                        "--------------+--------+------+------",
                        " (all events) |     24 |   16 | · █▅",
                        " actor:human  |     22 |   15 | · █▄");
        assertThat(new TrendView(false).lines(TREND))
                .contains(" 2026-11-24T10:05:00Z | open    | actor:human  |      7");
        assertThat(new TrendView(false).lines(TREND))
                .contains(" 2026-11-24T10:02:00Z | gone    | actor:human  |   gone");
    }

    @Test
    void bucketsThatDoNotFitStandTogether() {
        assertThat(TrendView.spark(Arrays.asList(1L, 1L, 0L, 0L, null, 4L, 8L), 2))
                .isEqualTo("▃ ·█");
    }

    @Test
    void csvHoldsValuesExactly() {
        assertThat(Csv.lines(TOP, "top"))
                .containsExactly(
                        "place,dimension,category,events,share",
                        "1,page,\"A \"\"B\"\", C\",800,0.695652",
                        "2,page,red \u001b[31m,9,0.007826");
        assertThat(Csv.lines(TREND, "trend"))
                .contains("2026-11-24T10:02:00Z,gone,actor,bot,", "2026-11-24T10:05:00Z,open,,,8");
    }
}
