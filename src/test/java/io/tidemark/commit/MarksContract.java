package io.tidemark.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.plan.Epochs;
import io.tidemark.plan.Marks;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.stream.RefusedException;
import io.tidemark.tally.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** When a commit is applied, and when it is refused. Each test begins with an empty store. */
abstract class MarksContract extends HealthContract {
    @Test
    void aTallyAtTheMarksIsAddedOnce() {
        Store store = initialised();
        Tally tally = Sample.tally(new Range(0, 0, 100), new Range(1, 0, 50));
        assertThat(store.commit(tally)).isEqualTo(new CommitResult.Applied(1));
        assertThat(counts()).isEqualTo(recount(100, 50));
        assertThat(store.commit(tally)).isEqualTo(new CommitResult.AlreadyApplied());
        assertThat(counts()).isEqualTo(recount(100, 50));
        assertThat(store.commit(Sample.tally(new Range(1, 50, 60)))).isEqualTo(new CommitResult.Applied(2));
        assertThat(counts()).isEqualTo(recount(100, 60));
    }

    @Test
    void whatWasReadFromAnotherLogIsNotAdded() {
        Store store = initialised();
        store.commit(ofEpochs(0, 100, 7, 8));
        for (int before : new int[] {7, 9, Epochs.UNTOLD}) {
            assertThat(store.commit(ofEpochs(100, 110, before, 9)))
                    .isEqualTo(new CommitResult.OtherLog(0, 100, 8, before));
        }
        assertThat(counts()).isEqualTo(recount(100, 0));
        assertThat(store.marks().orElseThrow().version()).isEqualTo(1);
        assertThat(store.commit(ofEpochs(0, 100, 7, 9))).as("a replay").isEqualTo(new CommitResult.AlreadyApplied());
        assertThat(store.commit(ofEpochs(100, 110, 8, Epochs.UNTOLD))).isEqualTo(new CommitResult.Applied(2));
        assertThat(store.marks().orElseThrow().leaderEpochs()).as("nobody told").isEmpty();
        assertThat(store.commit(ofEpochs(110, 120, 5, 5))).isEqualTo(new CommitResult.Applied(3));
        assertThat(counts()).isEqualTo(recount(120, 0));
    }

    private static Tally ofEpochs(long first, long end, int before, int last) {
        Range range = new Range(0, first, end);
        Tally.Part part = Sample.part(Sample.plan(range), range);
        return Tally.of(new Tally.Part(
                part.plan(),
                range,
                new Epochs(before, last),
                part.asOf(),
                part.accounts(),
                part.reasons(),
                part.rejected(),
                part.counts()));
    }

    @Test
    void marksSayWhoseCountsTheseAreAndHowFarTheyGo() {
        Store store = open();
        assertThat(store.marks()).isEmpty();
        store.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE);
        store.commit(Sample.tally(new Range(0, 0, 100)));
        SortedMap<Integer, Integer> epochs = new TreeMap<>(Map.of(0, 7));
        assertThat(store.marks())
                .contains(new Marks(
                        Sample.STORE,
                        Sample.TOPIC_ID,
                        "fingerprint-1",
                        Sample.starts(0, 0),
                        Sample.starts(100, 0),
                        epochs,
                        "",
                        1));
        SortedMap<String, String> main = backdoor().contents().get(MAIN);
        assertThat(main)
                .containsEntry("as-of", Long.toString(Sample.asOf(99)))
                .containsEntry("as-of:0", Long.toString(Sample.asOf(99)))
                .containsEntry("clock", Long.toString(Sample.asOf(99)))
                .containsEntry("writer", "writer-1")
                .containsEntry("topic", "WikiPediaLogs")
                .containsEntry("configuration", "stream: wiki\n")
                .doesNotContainKeys("as-of:1", "epoch:1", "frozen");
        assertThat(main.get("committed-at")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,3})?Z");
    }

    @Test
    void anythingElseIsOutOfStepAndChangesNothing() {
        Store store = initialised();
        store.commit(Sample.tally(new Range(0, 0, 100), new Range(1, 0, 50)));
        SortedMap<String, SortedMap<String, String>> before = backdoor().contents();
        CommitResult outOfStep = new CommitResult.OutOfStep(Sample.starts(100, 50));
        List<List<Range>> wrong = List.of(
                List.of(new Range(0, 100, 110), new Range(1, 49, 60)),
                List.of(new Range(0, 99, 110), new Range(1, 50, 60)),
                List.of(new Range(0, 100, 110), new Range(1, 51, 60)),
                List.of(new Range(0, 101, 110), new Range(1, 50, 60)),
                List.of(new Range(0, 100, 110), new Range(1, 40, 50)),
                List.of(new Range(0, 90, 100), new Range(1, 50, 60)),
                List.of(new Range(0, 90, 100), new Range(1, 40, 49)),
                List.of(new Range(0, 0, 110), new Range(1, 0, 60)),
                List.of(new Range(0, 200, 210), new Range(1, 200, 210)));
        for (List<Range> ranges : wrong) {
            assertThat(store.commit(Sample.tally(ranges.toArray(Range[]::new))))
                    .as("commit of %s", ranges)
                    .isEqualTo(outOfStep);
            assertThat(backdoor().contents()).as("after %s", ranges).isEqualTo(before);
        }
        assertThat(store.commit(Sample.tally(new Range(1, 10, 20))))
                .isEqualTo(new CommitResult.OutOfStep(new TreeMap<>(Map.of(1, 50L))));
        assertThat(backdoor().contents()).isEqualTo(before);
    }

    @Test
    void offsetsBeyondWhatADoubleHoldsAreComparedExactly() {
        Store store = open();
        long large = (1L << 53) + 1;
        store.initialise(Sample.starts(large), Sample.TOPIC_ID, Sample.STORE);
        Plan late = Sample.plan(new Range(0, large - 1, large + 9));
        assertThat(store.commit(Tally.of(empty(late, late.ranges().get(0)))))
                .isEqualTo(new CommitResult.OutOfStep(Sample.starts(large)));
        Plan right = Sample.plan(new Range(0, large, large + 9));
        assertThat(store.commit(Tally.of(empty(right, right.ranges().get(0))))).isEqualTo(new CommitResult.Applied(1));
    }

    @Test
    void aRangeWithoutRecordsMovesTheMarkAlone() {
        Store store = initialised();
        Plan plan = Sample.plan(new Range(0, 0, 5));
        assertThat(store.commit(Tally.of(empty(plan, plan.ranges().get(0))))).isEqualTo(new CommitResult.Applied(1));
        assertThat(counts()).isEmpty();
        assertThat(store.marks().orElseThrow().next()).isEqualTo(Sample.starts(5, 0));
    }

    @Test
    void aStreamThatIsNotInitialisedIsRefusedAlsoFromItsStart() {
        Store store = open();
        assertRefused("not-initialised", () -> store.commit(Sample.tally(new Range(0, 0, 10))));
        assertThat(backdoor().contents()).isEmpty();
    }

    @Test
    void aNewPartitionStandsAtZeroAndItsStartIsWritten() {
        Store store = initialised();
        SortedMap<String, SortedMap<String, String>> before = backdoor().contents();
        assertThat(store.commit(Sample.tally(new Range(2, 5, 10))))
                .isEqualTo(new CommitResult.OutOfStep(new TreeMap<>(Map.of(2, 0L))));
        assertThat(backdoor().contents()).isEqualTo(before);
        assertThat(store.commit(Sample.tally(new Range(0, 0, 10), new Range(2, 0, 10))))
                .isEqualTo(new CommitResult.Applied(1));
        Marks marks = store.marks().orElseThrow();
        assertThat(marks.start()).isEqualTo(Sample.starts(0, 0, 0));
        assertThat(marks.next()).isEqualTo(Sample.starts(10, 0, 10));
        assertThat(counts()).isEqualTo(recount(10, 0, 10));
    }

    @Test
    void theFirstToInitialiseWins() {
        Store store = open();
        Marks first = store.initialise(Sample.starts(5, 6), Sample.TOPIC_ID, Sample.STORE);
        Marks second = open().initialise(Sample.starts(1, 2), "other-topic", "other-store");
        assertThat(second).isEqualTo(first);
        assertThat(first.start()).isEqualTo(Sample.starts(5, 6)).isEqualTo(first.next());
        assertThat(first.storeId()).isEqualTo(Sample.STORE);
        assertThat(backdoor().contents()).containsKey(StreamKeys.STREAMS);
    }

    @Test
    void countsWithoutMarksAreRefused() {
        Store store = initialised();
        store.commit(Sample.tally(new Range(0, 0, 100)));
        backdoor().delete(MAIN);
        List<String> left = new ArrayList<>(counts().keySet());
        left.add(MAIN + ":buckets");
        for (String key : List.of(
                ":accounts", ":rejected", ":buckets", ":total:actor", ":rejected-at:0", ":hour:user:2026-01-05T10")) {
            SortedMap<String, SortedMap<String, String>> contents = backdoor().contents();
            left.stream().filter(k -> !k.equals(MAIN + key)).forEach(backdoor()::delete);
            assertThat(backdoor().contents()).containsKey(MAIN + key);
            assertRefused("marks-lost", () -> store.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE));
            assertRefused("not-initialised", () -> store.commit(Sample.tally(new Range(0, 0, 10))));
            putBack(contents);
        }
    }

    @Test
    void aMarkThatIsLostAloneIsRefused() {
        Store store = initialised();
        store.commit(Sample.tally(new Range(0, 0, 100), new Range(1, 0, 50)));
        for (String field : List.of("mark:1", "start:1")) {
            String value = backdoor().contents().get(MAIN).get(field);
            backdoor().deleteField(MAIN, field);
            SortedMap<String, SortedMap<String, String>> before = backdoor().contents();
            assertRefused("mark-lost", () -> store.commit(Sample.tally(new Range(1, 0, 10))));
            assertRefused("mark-lost", () -> store.commit(Sample.tally(new Range(0, 100, 110), new Range(1, 50, 60))));
            assertRefused("mark-lost", store::marks);
            assertThat(backdoor().contents()).isEqualTo(before);
            backdoor().setField(MAIN, field, value);
        }
        assertThat(store.commit(Sample.tally(new Range(1, 50, 60)))).isEqualTo(new CommitResult.Applied(2));
    }

    @Test
    void whatWasMadeForOtherCountsIsRefused() {
        Store store = initialised();
        Range range = new Range(0, 0, 10);
        SortedMap<String, SortedMap<String, String>> before = backdoor().contents();
        assertRefused(
                "wrong-topic",
                () -> store.commit(
                        Sample.tally(Sample.plan("topic-created-anew", "fingerprint-1", Sample.STORE, range))));
        assertRefused(
                "wrong-store",
                () -> store.commit(Sample.tally(Sample.plan(Sample.TOPIC_ID, "fingerprint-1", "other-store", range))));
        assertRefused(
                "wrong-configuration",
                () -> store.commit(Sample.tally(Sample.plan(Sample.TOPIC_ID, "fingerprint-2", Sample.STORE, range))));
        Store other = open(Sample.config("wiki", "fingerprint-2", 10), "writer-2");
        assertRefused(
                "wrong-configuration",
                () -> other.commit(Sample.tally(Sample.plan(Sample.TOPIC_ID, "fingerprint-2", Sample.STORE, range))));
        assertThat(backdoor().contents()).isEqualTo(before);
    }

    @Test
    void anUnknownFormatIsRefusedByEverything() {
        Store store = initialised();
        backdoor().setField(MAIN, "format", "2");
        SortedMap<String, SortedMap<String, String>> before = backdoor().contents();
        assertRefused("unknown-format", () -> store.commit(Sample.tally(new Range(0, 0, 10))));
        assertRefused("unknown-format", store::marks);
        Store inOtherWords = open(Sample.configWithText("stream: wiki # said in other words"), "writer-1");
        assertRefused(
                "unknown-format", () -> inOtherWords.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE));
        assertThat(backdoor().contents()).isEqualTo(before);
    }

    @Test
    void aFrozenStreamIsRefused() {
        Store store = initialised();
        backdoor().setField(MAIN, "frozen", "restoring");
        SortedMap<String, SortedMap<String, String>> before = backdoor().contents();
        assertRefused("frozen", () -> store.commit(Sample.tally(new Range(0, 0, 10))));
        assertThat(store.marks().orElseThrow().frozen()).isEqualTo("restoring");
        assertThat(backdoor().contents()).isEqualTo(before);
    }

    @Test
    void aForeignMainKeyIsNotInitialised() {
        backdoor().putText(MAIN, "not ours");
        Store store = open();
        RefusedException refusal =
                assertRefused("foreign-value", () -> store.initialise(Sample.starts(0), Sample.TOPIC_ID, Sample.STORE));
        mustSay(refusal, "key " + MAIN + " is not ours", "a string where a hash belongs");
        assertThat(backdoor().contents().get(MAIN)).containsEntry("", "not ours");
    }

    @Test
    void otherWordsForTheSameCountsAreKeptForReaders() {
        initialised();
        Store store = open(Sample.configWithText("stream: wiki # said in other words"), "writer-1");
        store.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE);
        assertThat(backdoor().contents().get(MAIN))
                .containsEntry("configuration", "stream: wiki # said in other words");
        Store other = open(Sample.config("wiki", "fingerprint-2", 10), "writer-1");
        other.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE);
        assertThat(backdoor().contents().get(MAIN))
                .containsEntry("configuration", "stream: wiki # said in other words")
                .containsEntry("fingerprint", "fingerprint-1");
    }

    @Test
    void aTallyWithAHoleIsAMistakeOfTheCaller() {
        Store store = initialised();
        Plan plan = Sample.plan(new Range(0, 0, 30));
        Tally hole = Tally.of(Sample.part(plan, new Range(0, 0, 10)))
                .merge(Tally.of(Sample.part(plan, new Range(0, 20, 30))));
        assertThatThrownBy(() -> store.commit(hole)).isInstanceOf(IllegalArgumentException.class);
        assertThat(counts()).isEmpty();
    }
}
