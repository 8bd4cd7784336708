package io.tidemark.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfig;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CoordinatorTest {
    private static final Optional<Plan> NONE = Optional.empty();

    private final PlanningWorld world = new PlanningWorld();
    private Coordinator coordinator = coordinator(StreamConfig.StartAt.EARLIEST);

    private Coordinator coordinator(StreamConfig.StartAt startAt) {
        return new Coordinator(
                PlanningWorld.config(startAt), world, world, () -> world.now, new Random(1), new BatchSize(1_000));
    }

    @Test
    void aNewStreamStartsAtTheFirstRecordThatIsKept() {
        log(5, 20, 0, 10);
        Plan plan = coordinator.plan(1, NONE, NONE);
        assertThat(plan.ranges().values()).containsExactly(new Range(0, 5, 20), new Range(1, 0, 10));
        assertThat(plan.start()).isEqualTo(positions(5, 0));
        assertThat(world.marks.next()).isEqualTo(positions(5, 0));
    }

    @Test
    void aNewStreamStartsAtTheEndWhereItIsToldSo() {
        coordinator = coordinator(StreamConfig.StartAt.LATEST);
        log(5, 20, 0, 10);
        assertThat(coordinator.plan(1, NONE, NONE).isEmpty()).isTrue();
        log(5, 21, 0, 10);
        assertThat(coordinator.plan(2, NONE, NONE).ranges().values()).containsExactly(new Range(0, 20, 21));
    }

    @Test
    void batchesInFlightContinueEachOther() {
        log(0, 10);
        coordinator.plan(1, NONE, NONE);
        log(0, 25);
        Plan second = coordinator.plan(2, NONE, NONE);
        assertThat(second.ranges().values()).containsExactly(new Range(0, 10, 25));
        log(0, 30);
        assertThat(coordinator.plan(3, NONE, NONE).ranges().values()).containsExactly(new Range(0, 25, 30));
    }

    @Test
    void theChainGoesOnWhileItsBatchesAreCommitted() {
        log(0, 10);
        Plan one = coordinator.plan(1, NONE, NONE);
        log(0, 25);
        coordinator.plan(2, NONE, NONE);
        world.commit(one);
        log(0, 30);
        assertThat(coordinator.plan(3, NONE, NONE).ranges().values()).containsExactly(new Range(0, 25, 30));
        coordinator.succeeded(1);
        log(0, 31);
        assertThat(coordinator.plan(4, NONE, NONE).ranges().values()).containsExactly(new Range(0, 30, 31));
    }

    @Test
    void aReplayThatIsCountedAlreadyGoesOnFromTheMarks() {
        log(0, 10);
        Plan plan = coordinator.plan(1, NONE, NONE);
        world.commit(plan);
        log(0, 12);
        assertThat(coordinator.plan(1, NONE, NONE).ranges().values()).containsExactly(new Range(0, 10, 12));
        assertThat(coordinator.plan(2, NONE, NONE).isEmpty()).isTrue();
    }

    @Test
    void aReplayThatIsStillToBeCountedIsPlannedSmaller() {
        log(0, 10, 0, 1);
        coordinator.plan(1, NONE, NONE);
        log(0, 100, 0, 1);
        assertThat(coordinator.plan(1, NONE, NONE).ranges().values())
                .containsExactly(new Range(0, 0, 5), new Range(1, 0, 1));
        assertThat(coordinator.plan(1, NONE, NONE).ranges().values())
                .containsExactly(new Range(0, 0, 2), new Range(1, 0, 1));
    }

    @Test
    void batchesBehindAReplayArePlannedAnew() {
        log(0, 10);
        Plan first = coordinator.plan(1, NONE, NONE);
        log(0, 20);
        Plan second = coordinator.plan(2, Optional.of(first), NONE);
        Plan replay = coordinator.plan(1, NONE, Optional.of(first));
        assertThat(coordinator
                        .plan(2, Optional.of(replay), Optional.of(second))
                        .ranges()
                        .values())
                .containsExactly(new Range(0, 5, 20));
    }

    @Test
    void aReplayContinuesTheBatchBeforeItThoughOthersWerePlannedBehindIt() {
        log(0, 10);
        Plan first = coordinator.plan(1, NONE, NONE);
        log(0, 20);
        Plan second = coordinator.plan(2, Optional.of(first), NONE);
        log(0, 30);
        coordinator.plan(3, Optional.of(second), NONE);
        assertThat(coordinator
                        .plan(2, Optional.of(first), Optional.of(second))
                        .ranges()
                        .values())
                .containsExactly(new Range(0, 10, 15));
    }

    @Test
    void aRivalsCommitMeansPlanningFromTheMarks() {
        log(0, 100);
        coordinator.plan(1, NONE, NONE);
        world.setMarks(positions(42));
        assertThat(coordinator.plan(2, NONE, NONE).ranges().values()).containsExactly(new Range(0, 42, 100));
    }

    @Test
    void aStoreThatFellBackIsFollowed() {
        log(0, 100);
        Plan plan = coordinator.plan(1, NONE, NONE);
        world.commit(plan);
        coordinator.succeeded(1);
        world.setMarks(positions(30));
        assertThat(coordinator.plan(2, Optional.of(plan), NONE).ranges().values())
                .containsExactly(new Range(0, 30, 100));
    }

    @Test
    void aCoordinatorThatTakesOverGoesByTheMarksAndNotByWhatItsPredecessorPlanned() {
        log(0, 100);
        Plan one = coordinator.plan(1, NONE, NONE);
        world.commit(one);
        Plan two = planOf(100, 200);
        log(0, 300);
        coordinator = coordinator(StreamConfig.StartAt.EARLIEST);
        assertThat(coordinator.plan(3, Optional.of(two), NONE).ranges().values())
                .containsExactly(new Range(0, 100, 300));
    }

    @Test
    void aPlanOfOtherCountsIsNoPlan() {
        log(0, 100);
        coordinator.plan(1, NONE, NONE);
        Plan foreign = new Plan(
                "wiki",
                "topic-1",
                "fingerprint-1",
                "other-store",
                positions(0),
                new TreeMap<>(Map.of(0, new Range(0, 0, 60))),
                new TreeMap<>());
        coordinator = coordinator(StreamConfig.StartAt.EARLIEST);
        assertThat(coordinator.plan(1, NONE, Optional.of(foreign)).ranges().values())
                .containsExactly(new Range(0, 0, 100));
    }

    @Test
    void aRunningStreamThatFindsNothingStartsAgainFromItsOwnStart() {
        coordinator = coordinator(StreamConfig.StartAt.LATEST);
        log(0, 50);
        coordinator.plan(1, NONE, NONE);
        String storeId = world.marks.storeId();
        log(0, 80);
        Plan plan = coordinator.plan(2, NONE, NONE);
        world.commit(plan);
        world.marks = null;
        assertThat(coordinator.plan(3, Optional.of(plan), NONE).ranges().values())
                .containsExactly(new Range(0, 50, 80));
        assertThat(world.marks.storeId()).isEqualTo(storeId);

        world.marks = null;
        coordinator = coordinator(StreamConfig.StartAt.LATEST);
        assertThat(coordinator.plan(4, Optional.of(plan), NONE).ranges().values())
                .containsExactly(new Range(0, 50, 80));
        assertThat(world.marks.storeId()).isEqualTo(storeId);
    }

    @Test
    void aRunningStreamWhoseStartIsGoneIsRefused() {
        log(0, 50);
        Plan plan = coordinator.plan(1, NONE, NONE);
        world.commit(plan);
        world.marks = null;
        log(10, 50);
        refused(
                "records-lost",
                "partition 0: counting began at 0 but Kafka keeps records from 10 on, and Redis has lost");
        assertThat(world.marks).isNull();
    }

    @Test
    void aRunningStreamThatWasStartedOverBeginsAsItsConfigurationSays() {
        log(0, 50);
        Plan plan = coordinator.plan(1, NONE, NONE);
        world.commit(plan);
        log(10, 60);
        world.startOver("anew");
        Plan anew = coordinator.plan(2, Optional.of(plan), NONE);
        assertThat(anew.ranges().values()).containsExactly(new Range(0, 10, 60));
        assertThat(anew.storeId()).isEqualTo("anew");
        assertThat(world.commit(plan)).as("what is still in flight").isFalse();
        world.commit(anew);

        // What was begun by that name and is lost, is begun again by its own start: it was not meant to go.
        coordinator = coordinator(StreamConfig.StartAt.LATEST);
        world.marks = null;
        log(5, 70);
        assertThat(coordinator.plan(3, Optional.of(anew), NONE).ranges().values())
                .containsExactly(new Range(0, 10, 70));
        assertThat(world.marks.storeId()).isEqualTo("anew");
    }

    @Test
    void aTopicCreatedAnewIsRefused() {
        log(0, 50);
        coordinator.plan(1, NONE, NONE);
        world.topicId = "topic-2";
        world.now += Coordinator.TRUST_MILLIS;
        refused("topic-recreated", "topic WikiPediaLogs has id topic-2, its counts were made from topic-1");
        world.topicId = "topic-1";
        assertThat(coordinator.plan(2, NONE, NONE).isEmpty()).isTrue();
    }

    @Test
    void offsetsOfATopicThatIsCreatedAnewMeanwhileAreNoStart() {
        coordinator = coordinator(StreamConfig.StartAt.LATEST);
        log(0, 50, 0, 70);
        world.whileLookedAt = () -> {
            world.topicId = "topic-2";
            world.ends.remove(1);
        };
        assertThatExceptionOfType(LogUnavailableException.class)
                .isThrownBy(() -> coordinator.plan(1, NONE, NONE))
                .withMessage(
                        "topic WikiPediaLogs was deleted and created anew while it was looked at: its id was topic-1"
                                + " and is topic-2");
        assertThat(world.marks).isNull();
        world.first.remove(1);
        log(0, 3);
        coordinator.plan(1, NONE, NONE);
        assertThat(world.marks.topicId()).isEqualTo("topic-2");
        assertThat(world.marks.next()).isEqualTo(positions(3));
    }

    @Test
    void recordsThatWereDeletedUncountedAreRefusedWithTheirNumber() {
        log(0, 50, 0, 7);
        world.commit(coordinator.plan(1, NONE, NONE));
        log(60, 90, 7, 7);
        world.now += Coordinator.TRUST_MILLIS;
        refused("records-lost", "partition 0: the mark is 50 but Kafka keeps records from 60 on; 10 offsets were");
    }

    @Test
    void aLogThatEndsBelowTheMarkIsRefused() {
        log(0, 50);
        world.commit(coordinator.plan(1, NONE, NONE));
        log(0, 49);
        refused("log-truncated", "partition 0: the mark is 50 but it ends at 49");
    }

    @Test
    void countsOfAnotherConfigurationAreRefused() {
        log(0, 50);
        world.marks =
                new Marks("store", "topic-1", "fingerprint-0", positions(0), positions(0), new TreeMap<>(), "", 0);
        refused("wrong-configuration", "its counts were made with configuration fingerprint");
    }

    @Test
    void aFrozenStreamIsRefusedUntilItIsNotAnyMore() {
        log(0, 50);
        world.marks = new Marks(
                "store", "topic-1", "fingerprint-1", positions(0), positions(0), new TreeMap<>(), "restoring", 0);
        refused("frozen", "restoring");
        world.marks =
                new Marks("store", "topic-1", "fingerprint-1", positions(0), positions(0), new TreeMap<>(), "", 0);
        assertThat(coordinator.plan(1, NONE, NONE).length()).isEqualTo(50);
    }

    @Test
    void aCompactedTopicIsRefused() {
        log(0, 50);
        world.compacted = true;
        refused("compacted", "cleanup.policy compact");
    }

    @Test
    void aPartitionThatAppearsStartsAtZero() {
        log(0, 50);
        world.commit(coordinator.plan(1, NONE, NONE));
        log(0, 50, 0, 3);
        assertThat(coordinator.plan(2, NONE, NONE).ranges().values()).containsExactly(new Range(1, 0, 3));
    }

    @Test
    void leaderEpochsGoWithThePartitionsThatStandAtTheirMarks() {
        log(0, 50, 0, 50);
        world.marks = new Marks(
                "store",
                "topic-1",
                "fingerprint-1",
                positions(0, 0),
                positions(10, 10),
                new TreeMap<>(Map.of(0, 7)),
                "",
                0);
        assertThat(coordinator.plan(1, NONE, NONE).leaderEpochs()).isEqualTo(Map.of(0, 7));
        log(0, 60, 0, 60);
        assertThat(coordinator.plan(2, NONE, NONE).leaderEpochs()).isEmpty();
    }

    @Test
    void noPartitionWaitsForOneWithMuchToCount() {
        log(0, 1_000_000, 0, 10, 0, 1_000_000);
        Plan plan = coordinator.plan(1, NONE, NONE);
        assertThat(plan.ranges().values())
                .containsExactly(new Range(0, 0, 495), new Range(1, 0, 10), new Range(2, 0, 495));
    }

    private void refused(String code, String message) {
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> coordinator.plan(2, NONE, NONE))
                .satisfies(e -> assertThat(e.refusal().code()).isEqualTo(code))
                .withMessageContaining(message);
    }

    private void log(long... firstsAndEnds) {
        for (int i = 0; i < firstsAndEnds.length / 2; i++) {
            world.first.put(i, firstsAndEnds[2 * i]);
            world.ends.put(i, firstsAndEnds[2 * i + 1]);
        }
    }

    private Plan planOf(long first, long end) {
        return new Plan(
                "wiki",
                "topic-1",
                "fingerprint-1",
                world.marks.storeId(),
                positions(0),
                new TreeMap<>(Map.of(0, new Range(0, first, end))),
                new TreeMap<>());
    }

    private static SortedMap<Integer, Long> positions(long... offsets) {
        SortedMap<Integer, Long> positions = new TreeMap<>();
        for (int i = 0; i < offsets.length; i++) {
            positions.put(i, offsets[i]);
        }
        return positions;
    }
}
