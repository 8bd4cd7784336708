package io.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.commit.Sample;
import io.tidemark.cut.CoordinatorView;
import io.tidemark.cut.Cut;
import io.tidemark.cut.Progress;
import io.tidemark.cut.Reading;
import io.tidemark.stream.Refusal;
import io.tidemark.tally.Accounts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StreamStateTest {
    private static final Instant NOW = Instant.parse("2026-01-05T10:00:00Z");
    private static final Refusal LOST = new Refusal("records-lost", "5 records were deleted");

    @Test
    void aStreamIsUpToDateBehindOrIdle() {
        assertState("running", "up to date", reading(NOW.minusSeconds(1), NOW.minusSeconds(1), 100, null, null, ""));
        assertState(
                "running", "50 records behind", reading(NOW.minusSeconds(1), NOW, 150, NOW.minusSeconds(4), null, ""));
        assertState(
                "idle",
                "everything on the topic has been counted",
                reading(NOW.minusSeconds(1), NOW.minusSeconds(11), 100, null, null, ""));
    }

    @Test
    void aMarkThatDoesNotMoveIsStalled() {
        assertState(
                "stalled",
                "50 records wait beyond the mark, which has not moved for 6 s: look into the worker's log",
                reading(NOW.minusSeconds(1), NOW.minusSeconds(60), 150, NOW.minusSeconds(6), null, ""));
    }

    @Test
    void aRefusalIsSaid() {
        assertState(
                "refused",
                "records-lost: 5 records were deleted",
                reading(NOW.minusSeconds(1), NOW.minusSeconds(60), 150, NOW.minusSeconds(60), LOST, ""));
        assertState(
                "refused",
                "frozen: commits are refused while the stream is restoring",
                reading(NOW.minusSeconds(1), NOW, 100, null, null, "restoring"));
    }

    @Test
    void aCoordinatorThatIsSilentIsNamedFirst() {
        assertState(
                "no-coordinator",
                "no coordinator has reported yet: is the topology running?",
                reading(null, NOW, 100, null, null, ""));
        assertState(
                "no-coordinator",
                "the coordinator writer-1 last reported 11 s ago: is the topology running?",
                reading(NOW.minusSeconds(11), NOW, 150, NOW.minusSeconds(60), LOST, ""));
    }

    @Test
    void anOpenTransactionThatHoldsBackWhatFollowsIsNamed() {
        Reading reading =
                reading(NOW.minusSeconds(1), NOW, 100, NOW.minusSeconds(7), null, "", new TreeMap<>(Map.of(0, 130L)));
        assertState(
                "stalled",
                "partition 0: an open transaction holds back all from offset 100 on, for 7 s: end the producer that"
                        + " holds it, or abort it with: kafka-transactions.sh",
                reading);
        assertState(
                "running",
                "up to date",
                reading(NOW.minusSeconds(1), NOW, 100, NOW.minusSeconds(4), null, "", new TreeMap<>(Map.of(0, 130L))));
    }

    @Test
    void whichComponentsAreAwayIsSaid() {
        assertComponents("up", "up", reading(NOW.minusSeconds(1), NOW, 100, null, null, ""));
        assertComponents("away", "unknown", reading(null, NOW, 100, null, null, ""));
        assertComponents("away", "unknown", reading(NOW.minusSeconds(11), NOW, 100, null, null, ""));
        assertComponents("up", "away", reading(NOW.minusSeconds(1), NOW, -1, null, null, ""));
    }

    @Test
    void whatWasCountedIsNoOlderThanTheEndThatWasSeen() {
        assertThat(StreamState.ends(reading(NOW, NOW, 90, null, null, ""))).isEqualTo(Map.of(0, 100L));
        assertThat(StreamState.ends(reading(NOW, NOW, 150, null, null, ""))).isEqualTo(Map.of(0, 150L));
    }

    private static void assertComponents(String coordinator, String kafka, Reading reading) {
        assertThat(StreamState.components(reading))
                .isEqualTo(Map.of("redis", "up", "coordinator", coordinator, "kafka", kafka));
    }

    private static void assertState(String name, String why, Reading reading) {
        assertThat(StreamState.of(reading)).isEqualTo(new StreamState(name, why));
    }

    private static Reading reading(
            Instant reported, Instant committed, long end, Instant behindSince, Refusal refusal, String frozen) {
        return reading(reported, committed, end, behindSince, refusal, frozen, new TreeMap<>());
    }

    private static Reading reading(
            Instant reported,
            Instant committed,
            long end,
            Instant behindSince,
            Refusal refusal,
            String frozen,
            SortedMap<Integer, Long> open) {
        SortedMap<Integer, Long> marks = new TreeMap<>(Map.of(0, 100L));
        Cut cut = new Cut(Sample.starts(0), marks, List.of(), 1, NOW, committed, NOW, Accounts.NONE);
        CoordinatorView coordinator = new CoordinatorView(
                reported == null ? "" : "writer-1",
                reported,
                Sample.starts(0),
                end < 0 ? new TreeMap<>() : new TreeMap<>(Map.of(0, end)), // a topic that could not be read has no ends
                open,
                behindSince,
                refusal,
                "",
                null);
        return new Reading(
                "wiki",
                Sample.config(),
                cut,
                Map.of(),
                Map.of(),
                Map.of(),
                new Progress(new TreeMap<>(), new TreeMap<>(), Set.of(), Instant.EPOCH, false),
                new TreeMap<>(),
                "writer-1",
                frozen,
                "",
                coordinator);
    }
}
