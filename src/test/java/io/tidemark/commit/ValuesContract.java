package io.tidemark.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.plan.Epochs;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.stream.RefusedException;
import io.tidemark.tally.Accounts;
import io.tidemark.tally.CountKey;
import io.tidemark.tally.Tally;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What happens to values that are foreign, large or too many. */
abstract class ValuesContract extends MarksContract {
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
    void largeCountsAreAddedExactly() {
        Store store = initialised();
        long large = (1L << 53) + 1;
        Plan plan = Sample.plan(new Range(0, 0, Long.MAX_VALUE));
        Tally tally = Tally.of(new Tally.Part(
                plan,
                plan.ranges().get(0),
                Epochs.UNKNOWN,
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
}
