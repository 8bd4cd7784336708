package io.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "bot|bot",
                "bot human|bot human",
                "namespace:User talk|\"namespace:User talk\"",
                "page:A \"B\" C|\"page:A \\\"B\\\" C\"",
                "page:A\"B|\"page:A\\\"B\"",
                "page:a\\ b|\"page:a\\\\ b\"",
                "page:a\\b|page:a\\b",
                "\"namespace:User talk\"|\"namespace:User talk\"",
                "{\"counts\": [\"namespace:User talk\"]}|{\"counts\": [\"namespace:User talk\"]}"
            })
    void anArgumentThatIsACategoryIsOneWordWhateverItHolds(String argument, String words) {
        assertThat(Word.ofArgument(argument)).isEqualTo(words);
    }
}
