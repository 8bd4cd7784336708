package io.tidemark.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidemark.stream.Deployment.Setting;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeploymentTest {
    private static final String STREAM = """
            stream: %s
            topic: shop-orders
            dimensions: {country: [{field: /country}]}
            """;

    private static StreamConfig stream(String name, String topology) {
        return StreamConfigReader.read(STREAM.formatted(name) + topology, Path.of("."));
    }

    @Test
    void aStreamSaysHowItWantsToBeRun() {
        StreamConfig config = stream("orders", """
                topology:
                  workers: 2
                  emitters: 3
                  parsers: 4
                  pending: 5
                  batch-records: 6000
                  emit-interval: 70ms
                  message-timeout: 2m
                """);
        assertThat(config.deployment().asked())
                .isEqualTo(Map.of(
                        Setting.WORKERS, 2,
                        Setting.EMITTERS, 3,
                        Setting.PARSERS, 4,
                        Setting.PENDING, 5,
                        Setting.BATCH_RECORDS, 6_000,
                        Setting.EMIT_INTERVAL, 70,
                        Setting.MESSAGE_TIMEOUT, 120));
    }

    @Test
    void itDecidesNothingThatIsCounted() {
        StreamConfig plain = stream("orders", "");
        StreamConfig wide = stream("orders", "topology: {parsers: 8, emit-interval: 1s}\n");
        assertThat(plain.deployment()).isEqualTo(Deployment.NONE);
        assertThat(wide.fingerprint()).isEqualTo(plain.fingerprint());
        assertThat(ConfigurationChanges.between(plain, wide)).isEmpty();
    }

    @Test
    void mistakesAreNamedWithTheirPlace() {
        InvalidConfigException e = catchThrowableOfType(InvalidConfigException.class, () -> stream("orders", """
                topology:
                  parser: 2
                  workers: 0
                  pending: 17
                  emit-interval: 5
                  message-timeout: 1500ms
                """));
        assertThat(e.format("f").lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("f:5:3: ").contains("\"parser\"", "parsers"),
                        line -> assertThat(line).startsWith("f:6:12: ").contains("workers", "from 1 to 1000"),
                        line -> assertThat(line).startsWith("f:7:12: ").contains("pending", "from 1 to 16"),
                        line -> assertThat(line).startsWith("f:8:18: ").contains("from 1ms to 10000ms, such as 5ms"),
                        line -> assertThat(line).startsWith("f:9:20: ").contains("from 5s to 3600s, such as 30s"));
    }

    @Test
    void streamsOfOneTopologyMustNotAskForDifferentThings() {
        StreamConfig one = stream("one", "topology: {parsers: 2, pending: 3}\n");
        StreamConfig two = stream("two", "topology: {parsers: 4, workers: 2}\n");
        assertThatThrownBy(() -> Deployment.together(List.of(one, two)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("stream one asks for parsers 2, stream two for 4");
        assertThat(Deployment.together(List.of(one, two), Map.of(Setting.PARSERS, 8))
                        .asked())
                .isEqualTo(Map.of(Setting.PARSERS, 8, Setting.PENDING, 3, Setting.WORKERS, 2));
    }
}
