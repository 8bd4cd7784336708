package io.tidemark.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigurationChangesTest {
    private static final String BEFORE = """
            stream: orders
            topic: shop-orders
            time: {fields: [/at], lateness: 1h}
            buckets: {minute: 48h, hour: 60d}
            dimensions:
              country:
                - field: /country
              size:
                - if: {/total: {at-least: 100}}
                  category: large
                - category: small
            """;

    private static List<String> changes(String now) {
        return ConfigurationChanges.between(read(BEFORE), read(now));
    }

    private static StreamConfig read(String yaml) {
        return StreamConfigReader.read(yaml, Path.of("."));
    }

    @Test
    void whatCountsAlikeHasNoChanges() {
        assertThat(changes("# a comment\n\n" + BEFORE.replace("shop-orders", "orders-of-the-shop")))
                .isEmpty();
    }

    @Test
    void eachChangeIsSaidInWords() {
        String now = """
                stream: orders
                topic: shop-orders
                where: {/test: false}
                time: {fields: [/at, /sent], lateness: 2h}
                buckets: {minute: 24h, hour: 60d}
                dimensions:
                  size:
                    - if: {/total: {at-least: 50}}
                      category: large
                    - category: small
                  channel:
                    - field: /channel
                """;

        assertThat(changes(now))
                .containsExactly(
                        "lateness: was 1h, is 2h",
                        "minute buckets are kept: was 48h, is 24h",
                        "where is another",
                        "time fields: was [/at], is [/at, /sent]",
                        "dimension country is gone",
                        "dimension size: rule 1 (line 8) is another",
                        "dimension channel is new");
    }

    @Test
    void aConfigurationSurvivesBeingStored() {
        StreamConfig stored = StreamConfigReader.stored(read(BEFORE).text());

        assertThat(ConfigurationChanges.between(stored, read(BEFORE))).isEmpty();
    }
}
