package io.tidemark.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginsTest {
    private final Origins origins = new Origins("127.0.0.1", List.of("https://counts.example.org"));

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:2546, 127.0.0.1:2546, true",
        "http://localhost:2546, localhost:2546, true",
        "https://proxied.example.org, proxied.example.org, true",
        "https://counts.example.org, 127.0.0.1:2546, true",
        "HTTPS://Counts.Example.ORG, 127.0.0.1:2546, true",
        "http://counts.example.org, 127.0.0.1:2546, false",
        "http://localhost:8080, localhost:2546, false",
        "https://evil.example.com, 127.0.0.1:2546, false",
        "https://counts.example.org.evil.example.com, 127.0.0.1:2546, false",
        "null, 127.0.0.1:2546, false",
        "'', 127.0.0.1:2546, false"
    })
    void onlyPagesOfThisOriginOrAnAllowedOneRead(String origin, String host, boolean may) {
        assertThat(origins.mayRead(origin, host)).isEqualTo(may);
    }

    @Test
    void whoIsNoBrowserReads() {
        assertThat(origins.mayRead(null, "127.0.0.1:2546")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, evil.example.com, false",
        "localhost, evil.example.com:2546, false",
        "::1, evil.example.com, false",
        "127.0.0.1, counts.example.org, true",
        "127.0.0.1, '[::1]:2546', true",
        "127.0.0.1, LOCALHOST:1, true",
        "0.0.0.0, anything.example.com, true"
    })
    void theLoopbackAddressAnswersForItsNamesOnly(String bind, String host, boolean may) {
        assertThat(new Origins(bind, List.of("https://counts.example.org")).mayBeAsked(host))
                .isEqualTo(may);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "counts.example.org", "ftp://x", "https://x/path", "https://user@x"})
    void whatIsNoOriginIsRefused(String text) {
        assertThatThrownBy(() -> new Origins("127.0.0.1", List.of(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("origin");
    }
}
