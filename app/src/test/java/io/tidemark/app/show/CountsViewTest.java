package io.tidemark.app.show;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CountsViewTest {
    private static final Answer ANSWER = Answer.of("""
            {"stream": "wiki", "query": "bot",
             "cut": {"version": 1812, "asOf": "2026-11-24T10:05:03.120Z", "readAt": "2026-11-24T10:05:04.320Z"},
             "accounts": {"records": 10118, "counted": 10000, "rejected": 18, "filtered": 100, "late": 3},
             "counts": {"actor": {"bot": 2310, "human": 7690},
                        "wiki": {"a": 1, "b": 2, "c": 3, "d\\u001b[1m": 9994}, "login": {}},
             "labels": {"bot": 2310}}
            """);

    @Test
    void forPeopleItSaysHowMuchAndHowFreshAndNamesTheLargest() {
        assertThat(new CountsView(true, 2).lines(ANSWER, true))
                .isEqualTo("""
                        Stream wiki, as of 2026-11-24 10:05:03 UTC (1.2 s ago), version 1,812
                        10,118 records: 10,000 counted (3 of them late), 18 rejected, 100 filtered

                         Asked for | Events
                        -----------+--------
                         bot       |  2,310

                         Dimension | Category       | Events | Share
                        -----------+----------------+--------+-------
                         actor     | human          |  7,690 | 76.9%
                                   | bot            |  2,310 | 23.1%
                         wiki      | d\\u001b[1m     |  9,994 | 99.9%
                                   | c              |      3 |  0.0%
                                   | ... and 2 more |      3 |  0.0%
                         login     | (none yet)     |        |
                        """.lines().toList());
    }

    @Test
    void forProgramsEveryCategoryIsALineOfItsOwnWithPlainDigits() {
        List<String> lines = new CountsView(false, Integer.MAX_VALUE - 1).lines(ANSWER, false);

        assertThat(lines)
                .contains(" actor     | human      |   7690 | 76.9%", " actor     | bot        |   2310 | 23.1%")
                .contains(" wiki      | a          |      1 |  0.0%")
                .noneMatch(line -> line.contains("Asked for"));
    }
}
