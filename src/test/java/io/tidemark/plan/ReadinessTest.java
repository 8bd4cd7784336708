package io.tidemark.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.stream.Refusal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    private final Readiness readiness = new Readiness();

    @Test
    void nothingIsReadyBeforeTheFirstLook() {
        assertThat(readiness.ready(1, 0)).isFalse();
        assertThat(readiness.atRest()).isFalse();
    }

    @Test
    void aStreamThatIsNotInitialisedIsReadyToBe() {
        readiness.saw(new Lookout.Sight(Optional.empty(), log(0), null, null));
        assertThat(readiness.ready(1, 0)).isTrue();
    }

    @Test
    void recordsBeyondTheMarksAreReadyAndNothingElseIs() {
        see(5, 5);
        assertThat(readiness.ready(1, 0)).isFalse();
        assertThat(readiness.atRest()).isTrue();
        readiness.arrived(positions(6));
        assertThat(readiness.ready(1, 0)).isTrue();
        assertThat(readiness.atRest()).isFalse();
    }

    @Test
    void whatIsPlannedIsNotPlannedAgainButAReplayIsReady() {
        see(5, 9);
        readiness.planned(1, positions(9));
        assertThat(readiness.ready(2, 0)).isFalse();
        assertThat(readiness.ready(1, 0)).isTrue();
        readiness.arrived(positions(10));
        assertThat(readiness.ready(2, 0)).isTrue();
    }

    /** A Redis that starts again would be asked two hundred times a second, and the log says so each time. */
    @Test
    void whatCouldNotBePlannedIsNotTriedAgainAtOnce() {
        see(5, 9);
        readiness.notPlanned(1_000);
        assertThat(readiness.ready(1, 1_000 + Readiness.PAUSE_MILLIS - 1)).isFalse();
        assertThat(readiness.ready(1, 1_000 + Readiness.PAUSE_MILLIS)).isTrue();
    }

    @Test
    void whoWaitsForRestIsToldWhenAllIsPlanned() throws InterruptedException {
        see(5, 9);
        assertThat(readiness.awaitRest(Duration.ofMillis(1))).isFalse();
        AtomicBoolean told = new AtomicBoolean();
        Thread waiting = new Thread(() -> {
            try {
                told.set(readiness.awaitRest(Duration.ofHours(1)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        waiting.setDaemon(true);
        waiting.start();
        Awaitility.await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
        readiness.planned(1, positions(9));
        waiting.join(60_000);
        assertThat(told).isTrue();
    }

    @Test
    void moreIsWaitedForBehindWhatWasPlannedNotBehindWhatWasSeen() {
        see(5, 6);
        readiness.planned(1, positions(900));
        see(5, 850); // a look that was older than the plan
        assertThat(readiness.knownEnds()).isEqualTo(positions(900));
    }

    @Test
    void marksThatFellBackAreNoticedWithoutANewRecord() {
        see(9, 9);
        readiness.planned(1, positions(9));
        see(4, 9);
        see(4, 9);
        assertThat(readiness.ready(2, 0)).isTrue();
    }

    @Test
    void aRefusedStreamIsTriedAgainNowAndThen() {
        readiness.saw(new Lookout.Sight(Optional.of(marks(5)), log(9), new Refusal("frozen", "f"), null));
        assertThat(readiness.ready(1, 10_000)).isTrue();
        assertThat(readiness.ready(1, 10_001)).isFalse();
        assertThat(readiness.ready(1, 10_000 + Readiness.AGAIN_MILLIS)).isTrue();
        see(5, 9);
        assertThat(readiness.ready(1, 10_000 + Readiness.AGAIN_MILLIS + 1)).isTrue();
    }

    @Test
    void aRefusalOfAnotherProcessCountsForAsLongAsItIsTold() {
        see(0, 9);
        readiness.told(new Refusal("foreign-value", "f"));
        assertThat(readiness.refusal().code()).isEqualTo("foreign-value");
        assertThat(readiness.ready(1, 10_000)).isTrue();
        assertThat(readiness.ready(1, 10_001)).isFalse();
        readiness.told(null);
        assertThat(readiness.refusal()).isNull();
        assertThat(readiness.ready(1, 10_002)).isTrue();
    }

    @Test
    void whatOthersAreRefusedNowTakesThePlaceOfWhatWasRefusedHereLongAgo() {
        readiness.refused(new Refusal("log-truncated", "l"));
        for (int look = 0; look < Readiness.STALE_LOOKS; look++) {
            readiness.saw(new Lookout.Sight(Optional.empty(), log(9), null, null));
            readiness.told(new Refusal("records-lost", "r"));
            assertThat(readiness.refusal().code()).isEqualTo("log-truncated");
        }
        readiness.saw(new Lookout.Sight(Optional.empty(), log(9), null, null));
        assertThat(readiness.refusal().code()).isEqualTo("log-truncated");
        readiness.told(new Refusal("records-lost", "r"));
        assertThat(readiness.refusal().code()).isEqualTo("records-lost");
    }

    @Test
    void aRefusalIsOverWhenCommitsGoOnThoughNobodySaysSo() {
        see(3, 9);
        readiness.refused(new Refusal("records-lost", "r"));
        see(3, 9);
        assertThat(readiness.refusal()).isNotNull();
        see(4, 9);
        assertThat(readiness.refusal()).isNull();
    }

    @Test
    void onlySoManyAreInFlightAtOnce() {
        see(0, 100);
        assertThat(readiness.hasRoom(7, 2)).isTrue();
        readiness.planned(7, positions(10));
        assertThat(readiness.hasRoom(8, 2)).isTrue();
        assertThat(readiness.hasRoom(9, 2)).isFalse();
        readiness.succeeded(7);
        assertThat(readiness.hasRoom(9, 2)).isTrue();
        assertThat(readiness.hasRoom(10, 2)).isFalse();
    }

    @Test
    void numbersThatBeginAnewHaveRoom() {
        see(0, 100);
        readiness.planned(7, positions(10));
        readiness.succeeded(7);
        readiness.planned(1, positions(10));
        assertThat(readiness.hasRoom(2, 2)).isTrue();
        assertThat(readiness.hasRoom(3, 2)).isFalse();
    }

    @Test
    void whenASuccessWasNeverHeardOfItGoesOnAllTheSame() {
        see(0, 100);
        readiness.planned(7, positions(10));
        readiness.planned(8, positions(20));
        assertThat(readiness.hasRoom(9, 2)).isFalse();
        see(20, 100);
        assertThat(readiness.hasRoom(9, 2)).isTrue();
    }

    @Test
    void aBatchThatTakesItsTimeIsNoReasonForMoreOfThemUntilItIsLost() {
        see(0, 100);
        readiness.planned(7, positions(10));
        readiness.planned(8, positions(20));
        for (int look = 0; look < Readiness.LOST_LOOKS; look++) {
            assertThat(readiness.hasRoom(9, 2)).as("after %d looks", look).isFalse();
            see(0, 100);
        }
        assertThat(readiness.hasRoom(9, 2)).isTrue();
    }

    @Test
    void whatFailedIsTriedAgainThoughSuccessesBeforeItWereNeverHeardOf() {
        see(0, 100);
        for (int transaction = 1; transaction <= 4; transaction++) {
            readiness.planned(transaction, positions(10 * transaction));
        }
        see(30, 100);
        assertThat(readiness.hasRoom(4, 2)).isTrue();
        assertThat(readiness.hasRoom(5, 2)).isFalse();
    }

    private void see(long mark, long end) {
        readiness.saw(new Lookout.Sight(Optional.of(marks(mark)), log(end), null, null));
    }

    private static LogView log(long end) {
        return new LogView("topic", false, positions(0), positions(end));
    }

    private static Marks marks(long mark) {
        return new Marks("store", "topic", "fingerprint", positions(0), positions(mark), new TreeMap<>(), "", 1);
    }

    private static SortedMap<Integer, Long> positions(long offset) {
        return new TreeMap<>(Map.of(0, offset));
    }
}
