package io.tidemark.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.tidemark.plan.Marks;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.stream.BucketSize;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.Accounts;
import io.tidemark.tally.CountKey;
import io.tidemark.tally.RejectedRecord;
import io.tidemark.tally.Tally;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every store promises. Each test begins with an empty store; all are plain, so that mutants can be run too. */
abstract class StoreContract {
    static final String MAIN = "tidemark:{wiki}";

    /** A store on what this test keeps. */
    abstract Store open(StreamConfig config, String writer);

    abstract Backdoor backdoor();

    Store open() {
        return open(Sample.config(), "writer-1");
    }

    Store initialised() {
        Store store = open();
        store.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE);
        return store;
    }

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
    void aForeignTypeInAnyKeyIsRefusedWithNothingChanged() {
        Store store = initialised();
        store.commit(Sample.tally(new Range(0, 0, 20)));
        Tally next = Sample.tally(new Range(0, 20, 40), new Range(1, 0, 20));
        SortedMap<String, SortedMap<String, String>> good = backdoor().contents();
        for (String key : keysOf(next, good)) {
            backdoor().delete(key);
            backdoor().putText(key, "not ours");
            SortedMap<String, SortedMap<String, String>> before = backdoor().contents();
            RefusedException refusal = assertRefused("foreign-value", () -> store.commit(next));
            mustSay(refusal, "key " + key + " is not ours", "a string where a ");
            assertThat(backdoor().contents()).as("with text in %s", key).isEqualTo(before);
            backdoor().delete(key);
            putBack(good);
        }
        assertThat(store.commit(next)).isEqualTo(new CommitResult.Applied(2));
        assertThat(counts()).isEqualTo(recount(40, 20));
    }

    @Test
    void aForeignValueInAnyFieldIsRefusedWithNothingChanged() {
        Store store = initialised();
        store.commit(Sample.tally(new Range(0, 0, 20)));
        SortedMap<String, SortedMap<String, String>> good = backdoor().contents();
        Tally next = Sample.tally(new Range(0, 20, 40), new Range(1, 0, 20));
        recountOf(next)
                .forEach((key, fields) -> fields.keySet().forEach(field -> {
                    if (key.contains(":rejected-at:")) {
                        return;
                    }
                    boolean sorted = key.contains(":user:");
                    for (String foreign :
                            sorted ? List.of("1.5", "-3") : List.of("1.5", "word", "9223372036854775808", "007")) {
                        if (sorted) {
                            backdoor().setScore(key, field, foreign);
                        } else {
                            backdoor().setField(key, field, foreign);
                        }
                        assertRefusedWithNothingChanged("foreign-value", store, next);
                        if (good.containsKey(key) && good.get(key).containsKey(field)) {
                            putBack(good);
                        } else if (sorted) {
                            backdoor().deleteMember(key, field);
                        } else {
                            backdoor().deleteField(key, field);
                        }
                    }
                }));
        for (String field : List.of("version", "mark:0", "clock", "as-of")) {
            backdoor().setField(MAIN, field, "word");
            assertRefusedWithNothingChanged("foreign-value", store, next);
            putBack(good);
        }
        assertThat(store.commit(next)).isEqualTo(new CommitResult.Applied(2));
        assertThat(counts()).isEqualTo(recount(40, 20));
    }

    @Test
    void hashesCountTo2To63AndNoFurther() {
        Store store = initialised();
        store.commit(Sample.tally(new Range(0, 0, 20)));
        Tally next = Sample.tally(new Range(0, 20, 40));
        for (String key : List.of(MAIN + ":total:actor", MAIN + ":accounts", MAIN + ":rejected")) {
            String field = recountOf(next).get(key).lastKey();
            long adds = Long.parseLong(recountOf(next).get(key).get(field));
            String was = backdoor().contents().get(key).get(field);
            backdoor().setField(key, field, Long.toString(Long.MAX_VALUE - adds + 1));
            assertRefusedWithNothingChanged("overflow", store, next);
            backdoor().setField(key, field, was);
        }
        String key = MAIN + ":total:actor";
        long adds = Long.parseLong(recountOf(next).get(key).get("human"));
        backdoor().setField(key, "human", Long.toString(Long.MAX_VALUE - adds));
        assertThat(store.commit(next)).isEqualTo(new CommitResult.Applied(2));
        assertThat(backdoor().contents().get(key)).containsEntry("human", Long.toString(Long.MAX_VALUE));
    }

    @Test
    void sortedSetsCountTo2To53AndNoFurther() {
        Store store = initialised();
        Tally tally = Sample.tally(new Range(0, 0, 20));
        String key = MAIN + ":hour:user:2026-01-05T10";
        long sum = recountOf(tally).get(key).values().stream()
                .mapToLong(Long::parseLong)
                .sum();
        backdoor().setScore(key, "Largest", Long.toString((1L << 53) - sum + 1));
        assertRefusedWithNothingChanged("overflow", store, tally);
        backdoor().setScore(key, "Largest", Long.toString((1L << 53) - sum));
        assertThat(store.commit(tally)).isEqualTo(new CommitResult.Applied(1));
    }

    @Test
    void sumsOfSortedSetsBeyond2To53AreRefused() {
        Store store = open(Sample.config("wiki", "fingerprint-1", 1), "writer-1");
        store.initialise(Sample.starts(0), Sample.TOPIC_ID, Sample.STORE);
        Map<String, Long> users = new LinkedHashMap<>();
        users.put("a", 1L << 52);
        users.put("b", 1L << 52);
        users.put("c", 1L);
        assertRefusedWithNothingChanged("overflow", store, of(0, Map.of(userHour(), users)));
        users.remove("c");
        commitUsers(store, 0, users);
        assertThat(users().values().stream().mapToLong(Long::parseLong).sum()).isEqualTo(1L << 53);
    }

    @Test
    void aForeignScoreIsRefusedBeforeAnythingIsWritten() {
        Store store = initialised();
        String key = MAIN + ":" + userHour();
        for (String foreign : List.of("1.5", "-3")) {
            backdoor().setScore(key, "Somebody Else", foreign);
            assertRefusedWithNothingChanged("foreign-value", store, Sample.tally(new Range(0, 0, 20)));
        }
    }

    @Test
    void reservedNamesTakeNoRoomUnderTheCap() {
        Store store = open(Sample.config("wiki", "fingerprint-1", 3), "writer-1");
        store.initialise(Sample.starts(0), Sample.TOPIC_ID, Sample.STORE);
        commitUsers(store, 0, Map.of("(unknown)", 1L, "(other)", 1L, "(too long)", 1L));
        commitUsers(store, 1, Map.of("a", 1L, "b", 1L, "c", 1L));
        assertThat(users()).hasSize(6).containsKeys("a", "b", "c").containsEntry("(other)", "1");
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
    void largeCountsAreAddedExactly() {
        Store store = initialised();
        long large = (1L << 53) + 1;
        Plan plan = Sample.plan(new Range(0, 0, Long.MAX_VALUE));
        Tally tally = Tally.of(new Tally.Part(
                plan,
                plan.ranges().get(0),
                -1,
                Long.MIN_VALUE,
                new Accounts(large, large, 0, 0, 0),
                Map.of(),
                List.of(),
                Map.of(CountKey.total("actor"), Map.of("bot", large))));
        store.commit(tally);
        assertThat(backdoor().contents().get(MAIN + ":total:actor")).containsEntry("bot", Long.toString(large));
        assertThat(backdoor().contents().get(MAIN)).containsEntry("mark:0", Long.toString(Long.MAX_VALUE));
    }

    @Test
    void beyondItsCapARankedDimensionCountsOthersTogether() {
        Store store = open(Sample.config("wiki", "fingerprint-1", 3), "writer-1");
        store.initialise(Sample.starts(0), Sample.TOPIC_ID, Sample.STORE);
        commitUsers(store, 0, Map.of("a", 1L, "b", 2L, "(unknown)", 5L));
        assertThat(users()).isEqualTo(new TreeMap<>(Map.of("a", "1", "b", "2", "(unknown)", "5")));
        assertThat(backdoor().contents().get(MAIN)).doesNotContainKey("capped");
        Map<String, Long> more = new LinkedHashMap<>();
        more.put("c", 3L);
        more.put("d", 4L);
        more.put("a", 10L);
        more.put("(too long)", 1L);
        more.put("e", 6L);
        commitUsers(store, 1, more);
        SortedMap<String, String> users = users();
        assertThat(users).containsEntry("a", "11").containsEntry("b", "2").containsEntry("(unknown)", "5");
        assertThat(users)
                .containsEntry("(too long)", "1")
                .containsKey("(other)")
                .hasSize(6);
        assertThat(users.values().stream().mapToLong(Long::parseLong).sum()).isEqualTo(32);
        assertThat(backdoor().contents().get(MAIN)).containsEntry("capped", "hour:user:2026-01-05T10");
        commitUsers(store, 2, Map.of("f", 1L, "(other)", 2L));
        assertThat(users()).hasSize(6);
        assertThat(Long.parseLong(users().get("(other)"))).isEqualTo(Long.parseLong(users.get("(other)")) + 3);
    }

    @Test
    void whatWasCountedAsOtherIsTakenBackToo() {
        Store store = open(Sample.config("wiki", "fingerprint-1", 1), "writer-1");
        store.initialise(Sample.starts(0), Sample.TOPIC_ID, Sample.STORE);
        commitUsers(store, 0, Map.of("a", 1L));
        backdoor().setField(MAIN + ":total:actor", "bot", "word");
        SortedMap<String, SortedMap<String, String>> before = backdoor().contents();
        Map<CountKey, Map<String, Long>> additions = new LinkedHashMap<>();
        additions.put(userHour(), Map.of("b", 2L, "c", 3L, "a", 1L));
        additions.put(CountKey.total("actor"), Map.of("bot", 6L));
        assertRefused("foreign-value", () -> store.commit(of(1, additions)));
        assertThat(backdoor().contents()).isEqualTo(before);
    }

    @Test
    void aBucketThatIsGoneIsNotAddedToAndIsRemoved() {
        Store store = initialised();
        store.commit(Sample.tally(new Range(0, 0, 100)));
        String minute = MAIN + ":minute:actor:2026-01-05T10:05";
        String hour = MAIN + ":hour:actor:2026-01-05T10";
        assertThat(store.removeGoneBuckets()).isZero();
        // The minute 10:05 ends at 10:06 and is kept for 48 hours: at that moment it is still there, a millisecond
        // later gone.
        long end = (Sample.T0 + 60) * 1_000;
        long retention = 48 * 3_600_000L;
        asOfBecomes(store, 100, end + retention);
        String before = backdoor().contents().get(minute).get("bot");
        assertThat(store.removeGoneBuckets()).isZero();
        commitActors(store, 110, Sample.T0, Map.of("bot", 1L));
        assertThat(backdoor().contents().get(minute)).containsEntry("bot", plus(before, 1));
        asOfBecomes(store, 120, end + retention + 1);
        String inHour = backdoor().contents().get(hour).get("bot");
        commitActors(store, 130, Sample.T0, Map.of("bot", 1L));
        assertThat(backdoor().contents().get(minute)).containsEntry("bot", plus(before, 1));
        assertThat(backdoor().contents().get(hour)).containsEntry("bot", plus(inHour, 1));
        assertThat(store.removeGoneBuckets()).isEqualTo(1);
        assertThat(backdoor().contents())
                .doesNotContainKeys(minute, minute.replace("actor", "action"))
                .containsKeys(hour, MAIN + ":minute:actor:2026-01-05T10:06");
        assertThat(backdoor().contents().get(MAIN + ":buckets"))
                .doesNotContainKey("minute:2026-01-05T10:05")
                .containsKeys("minute:2026-01-05T10:06", "hour:2026-01-05T10");
        commitActors(store, 140, Sample.T0, Map.of("bot", 1L));
        assertThat(backdoor().contents()).doesNotContainKey(minute);
        assertThat(backdoor().contents().get(MAIN + ":buckets")).doesNotContainKey("minute:2026-01-05T10:05");
        assertThat(store.removeGoneBuckets()).isZero();
    }

    @Test
    void whatWasLeftOutOfABucketThatIsGoneIsNotTakenBack() {
        Store store = initialised();
        store.commit(Sample.tally(new Range(0, 0, 10)));
        backdoor().setField(MAIN, "clock", Long.toString((Sample.T0 + 4 * 86_400) * 1_000));
        backdoor().setField(MAIN, "version", Long.toString(Long.MAX_VALUE));
        assertRefusedWithNothingChanged("overflow", store, Sample.tally(new Range(0, 10, 30)));
    }

    @Test
    void asOfIsTheLargestTimestampAndNeverFalls() {
        Store store = initialised();
        asOfBecomes(store, 0, Sample.asOf(50));
        asOfBecomes(store, 10, Sample.asOf(40));
        Plan plan = Sample.plan(new Range(1, 0, 10));
        store.commit(Tally.of(Sample.part(plan, plan.ranges().get(1))));
        assertThat(backdoor().contents().get(MAIN))
                .containsEntry("as-of", Long.toString(Sample.asOf(50)))
                .containsEntry("as-of:0", Long.toString(Sample.asOf(50)))
                .containsEntry("as-of:1", Long.toString(Sample.asOf(9)))
                .containsEntry("clock", Long.toString(Sample.asOf(50)));
    }

    @Test
    void bucketsStayGoneWhenRedisClockStepsBack() {
        Store store = initialised();
        store.commit(Sample.tally(new Range(0, 0, 10)));
        // An earlier commit saw a clock four days on; as-of and Redis's clock say less now.
        String ahead = Long.toString((Sample.T0 + 4 * 86_400) * 1_000);
        backdoor().setField(MAIN, "clock", ahead);
        String minute = MAIN + ":minute:actor:2026-01-05T10:05";
        assertThat(store.removeGoneBuckets()).isEqualTo(1);
        commitActors(store, 10, Sample.T0, Map.of("bot", 1L));
        assertThat(backdoor().contents()).doesNotContainKey(minute);
        assertThat(backdoor().contents().get(MAIN)).containsEntry("clock", ahead);
    }

    @Test
    void aRecordFromTheFarFutureRemovesNothingOfToday() {
        Store store = initialised();
        long today = System.currentTimeMillis() / 1_000;
        commitActors(store, 0, today, Map.of("bot", 1L));
        asOfBecomes(store, 10, 4_070_908_800_000L);
        commitActors(store, 20, today, Map.of("bot", 1L));
        String minute = MAIN + ":" + CountKey.bucket("actor", BucketSize.MINUTE, BucketSize.MINUTE.startOf(today));
        assertThat(backdoor().contents().get(minute)).containsEntry("bot", "2");
        assertThat(store.removeGoneBuckets()).isZero();
        assertThat(Long.parseLong(backdoor().contents().get(MAIN).get("clock")))
                .isBetween(today * 1_000 - 5_000, System.currentTimeMillis() + 5_000);
    }

    @Test
    void onlyTheStreamsOwnConfigurationRemovesBuckets() {
        Store store = initialised();
        store.commit(Sample.tally(new Range(0, 0, 10)));
        backdoor().setField(MAIN, "clock", Long.toString((Sample.T0 + 400 * 86_400L) * 1_000));
        Store other = open(Sample.config("wiki", "fingerprint-2", 10), "writer-2");
        assertThat(other.removeGoneBuckets()).isZero();
        backdoor().setField(MAIN, "frozen", "restoring");
        assertThat(store.removeGoneBuckets()).isZero();
        backdoor().deleteField(MAIN, "frozen");
        assertThat(store.removeGoneBuckets()).isEqualTo(2);
    }

    @Test
    void theLastThousandRejectedRecordsOfAPartitionAreKept() {
        Store store = initialised();
        commitRejected(store, 0, 700);
        commitRejected(store, 700, 1_500);
        SortedMap<String, String> kept = backdoor().contents().get(MAIN + ":rejected-at:0");
        assertThat(kept).hasSize(1_000).containsEntry("1499 not-json", "1499").containsEntry("500 not-json", "500");
        assertThat(kept).doesNotContainKey("499 not-json");
        assertThat(backdoor().contents().get(MAIN + ":rejected")).containsEntry("not-json", "1500");
        // Those that made room come back when the commit does not come about.
        backdoor().setField(MAIN, "version", Long.toString(Long.MAX_VALUE));
        assertRefusedWithNothingChanged("overflow", store, rejectedTally(1_500, 1_800));
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

    @Test
    void resettingLeavesNothing() {
        Store store = initialised();
        store.commit(Sample.tally(new Range(0, 0, 2_000), new Range(1, 0, 50)));
        store.report(new Health("writer-1", Sample.starts(0), Sample.starts(1), null));
        Store other = open(Sample.config("wiki-2", "fingerprint-1", 10), "writer-1");
        other.initialise(Sample.starts(0), "topic-2", "store-2");
        store.reset();
        assertThat(backdoor().contents().keySet()).containsExactlyInAnyOrder("tidemark:{wiki-2}", StreamKeys.STREAMS);
        assertThat(backdoor().contents().get(StreamKeys.STREAMS)).containsOnlyKeys("wiki-2");
        store.reset();
        store.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, "store-3");
        assertRefused("wrong-store", () -> store.commit(Sample.tally(new Range(0, 0, 10))));
    }

    @Test
    void resettingIsTheWayOutOfLostMarks() {
        Store store = initialised();
        store.commit(Sample.tally(new Range(0, 0, 20)));
        backdoor().delete(MAIN);
        store.reset();
        assertThat(store.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE)
                        .version())
                .isZero();
        assertThat(store.commit(Sample.tally(new Range(0, 0, 20)))).isEqualTo(new CommitResult.Applied(1));
        assertThat(counts()).isEqualTo(recount(20));
    }

    @Test
    void twoWritersThatQuarrelStayExact() {
        long seed = Long.getLong("tidemark.seed", System.nanoTime());
        Random random = new Random(seed);
        List<Store> writers = List.of(initialised(), open(Sample.config(), "writer-2"));
        List<Tally> inFlight = new ArrayList<>();
        for (int step = 0; step < 150; step++) {
            Store writer = writers.get(random.nextInt(2));
            if (inFlight.isEmpty() || random.nextInt(3) > 0) {
                inFlight.add(Sample.tally(somePlan(random, writer.marks().orElseThrow())));
            }
            // Any of them, also one that was sent long ago, or has been before.
            Tally tally = inFlight.get(random.nextInt(inFlight.size()));
            boolean follows = follows(writer.marks().orElseThrow(), tally);
            CommitResult result = writer.commit(tally);
            assertThat(result instanceof CommitResult.Applied)
                    .as("seed %d, step %d, %s", seed, step, result)
                    .isEqualTo(follows);
            SortedMap<Integer, Long> next = writer.marks().orElseThrow().next();
            assertThat(counts())
                    .as("seed %d, step %d, marks %s", seed, step, next)
                    .isEqualTo(recount(
                            next.values().stream().mapToLong(Long::longValue).toArray()));
        }
    }

    /** What the refusal must say to whoever reads it; a model may be silent. */
    void mustSay(RefusedException refusal, String... words) {}

    static RefusedException assertRefused(String code, org.assertj.core.api.ThrowableAssert.ThrowingCallable doing) {
        Throwable thrown = catchThrowable(doing);
        assertThat(thrown).as("expected the refusal %s", code).isInstanceOf(RefusedException.class);
        assertThat(((RefusedException) thrown).refusal().code()).isEqualTo(code);
        assertThat(((RefusedException) thrown).refusal().message()).isNotBlank();
        return (RefusedException) thrown;
    }

    void assertRefusedWithNothingChanged(String code, Store store, Tally tally) {
        SortedMap<String, SortedMap<String, String>> before = backdoor().contents();
        assertRefused(code, () -> store.commit(tally));
        assertThat(backdoor().contents()).isEqualTo(before);
    }

    /** All counts that are kept, without what says whose they are. */
    SortedMap<String, SortedMap<String, String>> counts() {
        SortedMap<String, SortedMap<String, String>> counts = backdoor().contents();
        counts.keySet().removeAll(List.of(MAIN, MAIN + ":buckets", MAIN + ":health", StreamKeys.STREAMS));
        return counts;
    }

    /** What counting each partition from 0 to this offset gives. */
    static SortedMap<String, SortedMap<String, String>> recount(long... ends) {
        Range[] ranges = IntStream.range(0, ends.length)
                .filter(p -> ends[p] > 0)
                .mapToObj(p -> new Range(p, 0, ends[p]))
                .toArray(Range[]::new);
        return ranges.length == 0 ? new TreeMap<>() : recountOf(Sample.tally(ranges));
    }

    static SortedMap<String, SortedMap<String, String>> recountOf(Tally tally) {
        SortedMap<String, SortedMap<String, String>> counts = new TreeMap<>();
        StreamKeys keys = new StreamKeys("wiki");
        Map<String, Long> accounts = new LinkedHashMap<>();
        accounts.put("records", tally.accounts().records());
        accounts.put("counted", tally.accounts().counted());
        accounts.put("rejected", tally.accounts().rejected());
        counts.put(keys.accounts(), text(accounts));
        counts.put(keys.rejected(), text(tally.reasons()));
        tally.additions().forEach((key, categories) -> counts.put(keys.count(key), text(categories)));
        tally.rejected().forEach((partition, records) -> {
            Map<String, Long> positions = new LinkedHashMap<>();
            records.forEach(r -> positions.put(r.offset() + " " + r.reason(), r.offset()));
            counts.put(keys.rejectedAt(partition), text(positions));
        });
        counts.values().removeIf(Map::isEmpty);
        return counts;
    }

    private static SortedMap<String, String> text(Map<String, Long> numbers) {
        SortedMap<String, String> text = new TreeMap<>();
        numbers.forEach((name, n) -> {
            if (n != 0 || name.matches("0 .*")) {
                text.put(name, n.toString());
            }
        });
        return text;
    }

    /** The keys that a commit of this writes, or would. */
    private static List<String> keysOf(Tally tally, SortedMap<String, SortedMap<String, String>> contents) {
        List<String> keys = new ArrayList<>(recountOf(tally).keySet());
        keys.add(MAIN);
        keys.add(MAIN + ":buckets");
        assertThat(contents).containsKeys(MAIN, MAIN + ":buckets");
        return keys;
    }

    private void putBack(SortedMap<String, SortedMap<String, String>> contents) {
        contents.forEach((key, fields) -> {
            boolean sorted = key.contains(":user:") || key.contains(":rejected-at:") || key.endsWith(":buckets");
            if (key.equals(StreamKeys.STREAMS)) {
                return;
            }
            fields.forEach((field, value) -> {
                if (sorted) {
                    backdoor().setScore(key, field, value);
                } else {
                    backdoor().setField(key, field, value);
                }
            });
        });
    }

    private static Plan somePlan(Random random, Marks marks) {
        List<Range> ranges = new ArrayList<>();
        for (int p = 0; p < 3; p++) {
            if (random.nextInt(3) > 0) {
                long first = Math.max(0, marks.of(p) + (random.nextInt(4) == 0 ? random.nextInt(5) - 2 : 0));
                ranges.add(new Range(p, first, first + 1 + random.nextInt(20)));
            }
        }
        if (ranges.isEmpty()) {
            ranges.add(new Range(0, marks.of(0), marks.of(0) + 3));
        }
        return Sample.plan(ranges.toArray(Range[]::new));
    }

    private static boolean follows(Marks marks, Tally tally) {
        return tally.covers().stream().allMatch(r -> marks.of(r.partition()) == r.first());
    }

    private static Tally.Part empty(Plan plan, Range range) {
        return new Tally.Part(plan, range, -1, Long.MIN_VALUE, Accounts.NONE, Map.of(), List.of(), Map.of());
    }

    private static void asOfBecomes(Store store, long offset, long asOf) {
        Plan plan = Sample.plan(new Range(0, offset, offset + 10));
        assertThat(store.commit(Tally.of(new Tally.Part(
                        plan, plan.ranges().get(0), 7, asOf, Accounts.NONE, Map.of(), List.of(), Map.of()))))
                .isInstanceOf(CommitResult.Applied.class);
    }

    private static void commitActors(Store store, long offset, long second, Map<String, Long> actors) {
        Map<CountKey, Map<String, Long>> additions = new LinkedHashMap<>();
        for (BucketSize size : List.of(BucketSize.MINUTE, BucketSize.HOUR)) {
            additions.put(CountKey.bucket("actor", size, size.startOf(second)), actors);
        }
        Plan plan = Sample.plan(new Range(0, offset, offset + 10));
        long n = actors.values().stream().mapToLong(Long::longValue).sum();
        assertThat(store.commit(Tally.of(new Tally.Part(
                        plan,
                        plan.ranges().get(0),
                        7,
                        second * 1_000,
                        new Accounts(n, n, 0, 0, 0),
                        Map.of(),
                        List.of(),
                        additions))))
                .isInstanceOf(CommitResult.Applied.class);
    }

    private static CountKey userHour() {
        return CountKey.bucket("user", BucketSize.HOUR, BucketSize.HOUR.startOf(Sample.T0));
    }

    private SortedMap<String, String> users() {
        return backdoor().contents().get(MAIN + ":" + userHour());
    }

    private static Tally of(long offset, Map<CountKey, Map<String, Long>> additions) {
        Plan plan = Sample.plan(new Range(0, offset, offset + 1));
        return Tally.of(new Tally.Part(
                plan, plan.ranges().get(0), 7, Sample.asOf(offset), Accounts.NONE, Map.of(), List.of(), additions));
    }

    private static void commitUsers(Store store, long offset, Map<String, Long> users) {
        assertThat(store.commit(of(offset, Map.of(userHour(), users)))).isInstanceOf(CommitResult.Applied.class);
    }

    private static void commitRejected(Store store, long first, long end) {
        assertThat(store.commit(rejectedTally(first, end))).isInstanceOf(CommitResult.Applied.class);
    }

    private static Tally rejectedTally(long first, long end) {
        Plan plan = Sample.plan(new Range(0, first, end));
        List<RejectedRecord> records = new ArrayList<>();
        for (long offset = first; offset < end; offset++) {
            records.add(new RejectedRecord(offset, "not-json"));
        }
        long n = end - first;
        return Tally.of(new Tally.Part(
                plan,
                plan.ranges().get(0),
                7,
                Sample.asOf(0),
                new Accounts(n, 0, n, 0, 0),
                Map.of("not-json", n),
                records.subList(Math.max(0, records.size() - RejectedRecord.KEPT), records.size()),
                Map.of()));
    }

    static String plus(String number, long n) {
        return Long.toString(Long.parseLong(number) + n);
    }
}
