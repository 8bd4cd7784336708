package io.tidemark.category;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.stream.BundledStreams;
import io.tidemark.stream.InvalidConfigException;
import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The example of docs/configuration.md: what check-config --try shows of the sample events. */
class OrdersExampleTest {
    private static final long NOW = Instant.parse("2026-11-24T10:06:00Z").toEpochMilli();

    private static Path folder() throws URISyntaxException {
        return Path.of(Objects.requireNonNull(BundledStreams.class.getResource("orders.yaml"), "orders.yaml")
                        .toURI())
                .getParent();
    }

    private static StreamConfig orders() throws IOException, URISyntaxException {
        try {
            return StreamConfigReader.read(Files.readString(folder().resolve("orders.yaml")), folder());
        } catch (InvalidConfigException e) {
            throw new AssertionError(e.format("orders.yaml"), e);
        }
    }

    private static String shown(Explanation explanation) {
        return switch (explanation.outcome()) {
            case FILTERED -> "filtered: " + explanation.detail();
            case REJECTED -> explanation.reason().label() + ": " + explanation.detail();
            case COUNTED ->
                explanation.categories().stream()
                        .map(Explanation.Given::category)
                        .collect(Collectors.joining(" | ", "", explanation.late() ? " (late)" : ""));
        };
    }

    @Test
    void eachSampleEventIsExplained() throws IOException, URISyntaxException {
        Explainer explainer = new Explainer(orders());
        List<String> shown = new ArrayList<>();
        for (String line : Files.readAllLines(folder().resolve("orders-sample.ndjson"))) {
            shown.add(shown(explainer.explain(line.getBytes(StandardCharsets.UTF_8), NOW)));
        }
        assertThat(shown)
                .containsExactly(
                        "paid | Europe | small | customer | standard | mail / AB2026",
                        "paid | Europe | medium | customer | express | mail / AB2026",
                        "declined | Asia | large | guest by address | express | (unknown)",
                        "failed | (unknown) | medium | guest | pick-up | retired campaign",
                        "418 | BR | large | customer | standard | (unknown)",
                        "filtered: where says no",
                        "paid | North America | medium | guest by address | standard | (unknown) (late)",
                        "wrong-type: /total takes number but is a text",
                        "missing-field: /id is required but absent or null",
                        "time-in-future: the event's time is 2026-11-25T10:05:41Z, the record's 2026-11-24T10:06:00Z",
                        "duplicate-key: ",
                        "not-json: ");
    }

    @Test
    void anExplanationNamesTheRuleAndItsLine() throws IOException, URISyntaxException {
        StreamConfig config = orders();
        Explanation explanation = new Explainer(config)
                .explain(
                        "{\"id\":1,\"guest\":\"a\",\"status\":201,\"placed-at\":1795514712.25}"
                                .getBytes(StandardCharsets.UTF_8),
                        NOW);
        assertThat(explanation.time()).isEqualTo(Instant.parse("2026-11-24T10:05:12.250Z"));
        List<String> lines = config.text().lines().toList();
        Explanation.Given outcome = explanation.categories().get(0);
        assertThat(outcome.dimension()).isEqualTo("outcome");
        assertThat(outcome.rule()).isEqualTo(1);
        assertThat(lines.get(outcome.line() - 1)).contains("at-least: 200");
        assertThat(explanation.categories().get(1)).isEqualTo(new Explanation.Given("region", "(unknown)", 0, 0));
        assertThat(explanation.categories().get(4).category()).isEqualTo("pick-up");
    }
}
