package io.tidemark.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.UrlEncoded;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuestionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|''",
                "q=bot+g3_Anon|bot g3_Anon",
                "stream=wiki&q=bot|stream=wiki bot",
                "q=%22namespace:User+talk%22|\"namespace:User talk\"",
                "stream=wiki&of=actor&of=g2_edit&from=-1h&to=now&step=minute|stream=wiki actor g2_edit from=-1h to=now step=minute",
                "of=namespace:User+talk|\"namespace:User talk\"",
                "of=page:A+%22B%22+%5C|\"page:A \\\"B\\\" \\\\\"",
                "of=page&n=20&total=true|page n=20 total",
                "of=page&total=false|page",
                "of=page&total|page total",
                "zone=Europe/Berlin&atLeast=0:5,1:7&wait=2s|zone=Europe/Berlin atLeast=0:5,1:7",
                "stream=wiki+q|\"stream=wiki q\""
            })
    void parametersBecomeWords(String query, String words) {
        Fields fields = new Fields(true);
        UrlEncoded.decodeTo(query, fields::add, StandardCharsets.UTF_8);

        assertThat(Question.of("trend", fields)).isEqualTo(new Question("trend", words));
    }

    @ParameterizedTest
    @CsvSource({"2s, 2000", "500ms, 500", "3, 3000", "10s, 10000", "0, 0"})
    void waitsAreRead(String text, long millis) {
        assertThat(Wait.parse(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "11s", "10001ms", "-1s", "2m", "soon", "99999999999s"})
    void otherWaitsAreRefused(String text) {
        assertThatThrownBy(() -> Wait.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
