package io.tidemark.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class VerificationTest {
    /** Each shard remembers where the others' partitions began, and may be wrong about it. */
    @Test
    void theStartOfAPartitionIsToldByTheShardThatItBelongsTo() {
        Verification joined = Verification.joined(
                "wiki", List.of(part("wiki.0", Map.of(0, 90L, 1, 5L), 0), part("wiki.1", Map.of(0, 10L, 1, 70L), 1)));
        assertThat(joined.start()).isEqualTo(Map.of(0, 90L, 1, 70L));
        assertThat(joined.offsets()).isEqualTo(Map.of(0, 100L, 1, 100L));
    }

    private static Verification part(String name, Map<Integer, Long> start, int partition) {
        return new Verification(
                name,
                "edits",
                new TreeMap<>(start),
                new TreeMap<>(Map.of(partition, 100L)),
                1,
                Instant.EPOCH,
                0,
                Map.of(),
                List.of(),
                0,
                List.of(),
                0,
                List.of(),
                0,
                List.of(),
                Duration.ZERO,
                1);
    }
}
