package io.tidemark.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.plan.Marks;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.stream.BucketSize;
import io.tidemark.tally.CountKey;
import io.tidemark.tally.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/**
 * What every store promises: this, what its parents say, and nothing half done. All tests are plain methods, so that they
 * can be run on scripts that lack a guard.
 */
abstract class StoreContract extends ValuesContract {
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
    void resettingLeavesNothing() {
        Store store = initialised();
        store.commit(Sample.tally(new Range(0, 0, 2_000), new Range(1, 0, 50)));
        store.report(new Health("writer-1", Sample.starts(0), Sample.starts(1), null));
        Store other = open(Sample.config("wiki-2", "fingerprint-1", 10), "writer-1");
        other.initialise(Sample.starts(0), "topic-2", "store-2");
        store.reset();
        assertThat(backdoor().contents().keySet())
                .containsExactlyInAnyOrder("tidemark:{wiki-2}", StreamKeys.STREAMS, MAIN + ":health");
        assertThat(backdoor().contents().get(MAIN + ":health")).containsOnlyKeys("started-over-as");
        assertThat(backdoor().contents().get(StreamKeys.STREAMS)).containsOnlyKeys("wiki-2");
    }

    @Test
    void whatWasResetIsNotBegunAgainByWhoRemembersIt() {
        Store store = initialised();
        assertThat(store.startedOverAs()).isEmpty();
        store.commit(Sample.tally(new Range(0, 0, 20)));
        store.reset();
        String next = store.startedOverAs().orElseThrow();
        assertThat(store.marks()).isEmpty();
        assertThatThrownBy(() -> store.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE))
                .isInstanceOf(StoreUnavailableException.class);
        assertThat(store.marks()).isEmpty();
        assertRefused("not-initialised", () -> store.commit(Sample.tally(new Range(0, 0, 10))));
        store.report(new Health("writer-1", Sample.starts(5), Sample.starts(20), null));

        Marks anew = store.initialise(Sample.starts(5, 6), Sample.TOPIC_ID, next);
        assertThat(anew.storeId()).isEqualTo(next);
        assertThat(anew.start()).isEqualTo(Sample.starts(5, 6));
        assertThat(store.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE))
                .as("the first wins")
                .isEqualTo(anew);
        assertRefused("wrong-store", () -> store.commit(Sample.tally(new Range(0, 5, 10))));
        Tally right = Sample.tally(Sample.plan(Sample.TOPIC_ID, "fingerprint-1", next, new Range(0, 5, 10)));
        assertThat(store.commit(right)).isEqualTo(new CommitResult.Applied(1));

        store.reset();
        assertThat(store.startedOverAs()).isPresent().isNotEqualTo(Optional.of(next));
    }

    @Test
    void whatWasLostAfterAResetIsBegunAgainByTheSameName() {
        Store store = initialised();
        store.reset();
        String next = store.startedOverAs().orElseThrow();
        Marks anew = store.initialise(Sample.starts(5, 6), Sample.TOPIC_ID, next);
        backdoor().delete(MAIN);
        assertThat(store.startedOverAs()).contains(next);
        assertThat(store.initialise(Sample.starts(5, 6), Sample.TOPIC_ID, next)).isEqualTo(anew);
        backdoor().delete(MAIN);
        backdoor().delete(MAIN + ":health");
        backdoor().putText(MAIN + ":health", "not ours");
        assertThat(store.startedOverAs()).isEmpty();
        assertThat(store.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE)
                        .storeId())
                .as("nobody knows of a reset any more")
                .isEqualTo(Sample.STORE);
    }

    @Test
    void resettingIsTheWayOutOfLostMarks() {
        Store store = initialised();
        store.commit(Sample.tally(new Range(0, 0, 20)));
        backdoor().delete(MAIN);
        store.reset();
        String next = store.startedOverAs().orElseThrow();
        assertThat(store.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, next).version())
                .isZero();
        Tally anew = Sample.tally(Sample.plan(Sample.TOPIC_ID, "fingerprint-1", next, new Range(0, 0, 20)));
        assertThat(store.commit(anew)).isEqualTo(new CommitResult.Applied(1));
        assertThat(counts()).isEqualTo(recount(20));
    }

    @Test
    void whateverStandsInTheMainKeyIsReset() {
        backdoor().putText(MAIN, "not ours");
        Store store = open();
        store.reset();
        assertThat(backdoor().contents()).doesNotContainKey(MAIN);
        store.initialise(
                Sample.starts(0, 0), Sample.TOPIC_ID, store.startedOverAs().orElseThrow());
        backdoor().setField(MAIN, "format", "2");
        store.reset();
        assertThat(backdoor().contents()).doesNotContainKey(MAIN);
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
}
