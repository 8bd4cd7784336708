package io.tidemark.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.plan.Marks;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.stream.Refusal;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.Shard;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.Tally;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a stream in several shards promises beside what each shard does. Each test begins with an empty store. */
abstract class ShardsContract {
    private static final int SHARDS = 3;
    private static final String NONE = "";

    /** The store of one shard. */
    abstract Store openShard(Shard shard);

    abstract Backdoor backdoor();

    private Store open(int shards) {
        StreamConfig config = Sample.sharded(shards);
        List<Store> stores = Shard.of(config).stream().map(this::openShard).toList();
        return shards == 1 ? stores.get(0) : new ShardedStore(config, stores);
    }

    private static String main(int shard) {
        return "tidemark:{wiki." + shard + "}";
    }

    private static Plan plan(String store, Range... ranges) {
        return Sample.plan(Sample.TOPIC_ID, "fingerprint-of-" + SHARDS, store, ranges);
    }

    private static Tally tally(Range... ranges) {
        return Sample.tally(plan(Sample.STORE, ranges));
    }

    private Store initialised() {
        Store store = open(SHARDS);
        store.initialise(Sample.starts(0, 0, 0, 0), Sample.TOPIC_ID, Sample.STORE);
        return store;
    }

    private static void assertRefused(String code, Runnable doing) {
        assertThatThrownBy(doing::run)
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.refusal().code()).isEqualTo(code));
    }

    @Test
    void eachCommitIsOfOneShardAndTheMarksAreOfAll() {
        Store store = initialised();
        assertThat(store.commit(tally(new Range(0, 0, 10), new Range(3, 0, 5)))).isEqualTo(new CommitResult.Applied(1));
        assertThat(store.commit(tally(new Range(1, 0, 7)))).isEqualTo(new CommitResult.Applied(1));
        assertThat(store.commit(tally(new Range(1, 0, 7)))).isEqualTo(new CommitResult.AlreadyApplied());
        assertThat(store.commit(tally(new Range(2, 4, 7))))
                .isEqualTo(new CommitResult.OutOfStep(new TreeMap<>(Map.of(2, 0L))));
        Marks marks = store.marks().orElseThrow();
        assertThat(marks.next()).isEqualTo(Sample.starts(10, 7, 0, 5));
        assertThat(marks.start()).isEqualTo(Sample.starts(0, 0, 0, 0));
        assertThat(marks.storeId()).isEqualTo(Sample.STORE);
        assertThat(marks.version()).isEqualTo(2);
        assertThat(marks.leaderEpochs()).isEqualTo(new TreeMap<>(Map.of(0, 7, 1, 7, 3, 7)));
        assertThat(backdoor().contents().get(main(0)))
                .containsKeys("mark:0", "mark:3")
                .doesNotContainKey("mark:1");
        assertThat(backdoor().contents().get(StreamKeys.STREAMS)).containsOnlyKeys("wiki.0", "wiki.1", "wiki.2");
        assertThat(backdoor().contents()).doesNotContainKey("tidemark:{wiki}");
    }

    @Test
    void aTallyOfTwoShardsIsNotCommitted() {
        Store store = initialised();
        SortedMap<String, SortedMap<String, String>> before = backdoor().contents();
        assertThatThrownBy(() -> store.commit(tally(new Range(0, 0, 10), new Range(1, 0, 10))))
                .isInstanceOf(IllegalArgumentException.class);
        Store first = openShard(new Shard(Sample.sharded(SHARDS), 0));
        assertThatThrownBy(() -> first.commit(tally(new Range(1, 0, 10)))).isInstanceOf(IllegalArgumentException.class);
        assertThat(backdoor().contents()).isEqualTo(before);
    }

    @Test
    void theFirstToInitialiseWinsAndWhatItLeftUndoneIsCompletedAsItMeant() {
        StreamConfig config = Sample.sharded(SHARDS);
        openShard(new Shard(config, 0)).initialise(Sample.starts(5, 6, 7, 8), Sample.TOPIC_ID, "store-of-the-first");
        Store second = open(SHARDS);
        assertThat(second.marks()).isEmpty();
        Marks remains = second.remains().orElseThrow();
        assertThat(remains.next()).isEqualTo(Sample.starts(5, 6, 7, 8));
        Marks marks = second.initialise(Sample.starts(1, 2, 3, 4), Sample.TOPIC_ID, "store-of-the-second");
        assertThat(marks.start()).isEqualTo(Sample.starts(5, 6, 7, 8)).isEqualTo(marks.next());
        assertThat(second.remains()).isEmpty();
        assertThat(open(SHARDS).initialise(Sample.starts(9, 9, 9, 9), Sample.TOPIC_ID, "store-of-the-third"))
                .isEqualTo(marks);
        // Each shard has a set of counts of its own, and a plan for all of them says of each which it is.
        assertThat(second.commit(Sample.tally(plan(marks.storeId(), new Range(1, 6, 9)))))
                .isEqualTo(new CommitResult.Applied(1));
        assertThat(second.commit(Sample.tally(plan(marks.storeId(), new Range(3, 8, 9)))))
                .isEqualTo(new CommitResult.Applied(1));
        assertRefused(
                "wrong-store", () -> second.commit(Sample.tally(plan("store-of-the-second", new Range(0, 5, 9)))));
    }

    @Test
    void aShardThatIsLostAloneIsCountedAgainFromItsStart() {
        Store store = initialised();
        store.commit(tally(new Range(0, 0, 10)));
        store.commit(tally(new Range(1, 0, 10)));
        deleteAll(main(1));
        assertThat(store.marks()).isEmpty();
        assertThat(store.remains().orElseThrow().next()).isEqualTo(Sample.starts(10, 0, 0, 0));
        assertRefused("not-initialised", () -> store.commit(tally(new Range(1, 10, 20))));
        assertThat(store.initialise(Sample.starts(3, 3, 3, 3), Sample.TOPIC_ID, Sample.STORE)
                        .next())
                .isEqualTo(Sample.starts(10, 0, 0, 0));
        assertThat(store.commit(tally(new Range(1, 0, 10)))).isEqualTo(new CommitResult.Applied(1));
        backdoor().delete(main(2));
        backdoor().setField(main(2) + ":accounts", "records", "1");
        assertRefused("marks-lost", () -> store.initialise(Sample.starts(0, 0, 0, 0), Sample.TOPIC_ID, Sample.STORE));
    }

    @Test
    void shardsOfTwoTopicsOrWithAForeignMarkAreRefused() {
        Store store = initialised();
        backdoor().setField(main(2), "topic-id", "another");
        assertRefused("shards-disagree", store::marks);
        backdoor().setField(main(2), "topic-id", Sample.TOPIC_ID);
        backdoor().setField(main(2), "fingerprint", "another");
        assertRefused("shards-disagree", store::marks);
        backdoor().setField(main(2), "fingerprint", "fingerprint-of-" + SHARDS);
        assertThat(store.marks()).isPresent();
        backdoor().setField(main(2), "mark:1", "0");
        backdoor().setField(main(2), "start:1", "0");
        assertRefused("shards-disagree", store::marks);
    }

    /** As when one node was restored from a backup of another time: it is right, and counts on from there. */
    @Test
    void aShardFromAnotherTimeIsCountedOn() {
        Store store = initialised();
        backdoor().setField(main(1), "store", "store-of-another-time");
        backdoor().setField(main(1), "start:1", "2");
        backdoor().setField(main(1), "mark:1", "2");
        Marks marks = store.marks().orElseThrow();
        assertThat(marks.start()).as("each shard says its own starts").isEqualTo(Sample.starts(0, 2, 0, 0));
        assertThat(store.commit(Sample.tally(plan(marks.storeId(), new Range(1, 2, 9)))))
                .isEqualTo(new CommitResult.Applied(1));
        assertThat(store.commit(Sample.tally(plan(marks.storeId(), new Range(2, 0, 9)))))
                .isEqualTo(new CommitResult.Applied(1));
    }

    @Test
    void anotherNumberOfShardsIsAnotherConfiguration() {
        initialised();
        for (int other : new int[] {1, 2, 4}) {
            SortedMap<String, SortedMap<String, String>> before = backdoor().contents();
            Store store = open(other);
            assertRefused(
                    "wrong-configuration",
                    () -> store.initialise(Sample.starts(0, 0, 0, 0), Sample.TOPIC_ID, "store-2"));
            assertThat(backdoor().contents()).as("%d shards", other).isEqualTo(before);
        }
        assertRefused("wrong-configuration", open(1)::marks);
        open(SHARDS).reset();
        open(1).initialise(
                        Sample.starts(0, 0),
                        Sample.TOPIC_ID,
                        open(1).startedOverAs().orElse(Sample.STORE));
        assertRefused(
                "wrong-configuration",
                () -> open(SHARDS).initialise(Sample.starts(0, 0), Sample.TOPIC_ID, nextNameOf(open(SHARDS))));
        assertRefused("wrong-configuration", open(SHARDS)::marks);
    }

    private static String nextNameOf(Store store) {
        return store.startedOverAs().orElseThrow();
    }

    @Test
    void startingOverTakesAllShardsAndThoseOfAnotherConfiguration() {
        Store store = initialised();
        store.commit(tally(new Range(1, 0, 10)));
        open(1).reset();
        assertThat(store.marks()).isEmpty();
        assertThat(store.remains()).isEmpty();
        assertThat(backdoor().contents().keySet()).allMatch(key -> key.endsWith(":health"));
        String next = nextNameOf(store);
        assertThatThrownBy(() -> store.initialise(Sample.starts(0, 0, 0, 0), Sample.TOPIC_ID, Sample.STORE))
                .as("who remembers the former one")
                .isInstanceOf(StoreUnavailableException.class);
        assertThat(backdoor().contents()).doesNotContainKeys(main(0), main(1), main(2));
        Marks marks = store.initialise(Sample.starts(4, 4, 4, 4), Sample.TOPIC_ID, next);
        assertThat(marks.storeId()).isEqualTo(next);
        assertThat(marks.next()).isEqualTo(Sample.starts(4, 4, 4, 4));
    }

    /** Broken off between two shards: nobody takes what is left for a stream of which a part was lost. */
    @Test
    void whatIsHalfStartedOverIsNotBegunAgain() {
        Store store = initialised();
        deleteAll(main(0));
        backdoor().setField(main(0) + ":health", "started-over-as", "next");
        backdoor().setField(main(1), "frozen", "resetting");
        backdoor().setField(main(2), "frozen", "resetting");
        assertRefused("frozen", () -> store.initialise(Sample.starts(0, 0, 0, 0), Sample.TOPIC_ID, Sample.STORE));
        assertThat(backdoor().contents()).doesNotContainKey(main(0));
        store.reset();
        assertThat(backdoor().contents()).doesNotContainKeys(main(0), main(1), main(2));
    }

    /** A shard that knows of the starting over is enough, though the first one was emptied since. */
    @Test
    void whoRemembersTheFormerCountsBeginsNothingThoughAShardForgot() {
        Store store = initialised();
        store.reset();
        backdoor().delete(main(0) + ":health");
        assertThatThrownBy(() -> store.initialise(Sample.starts(0, 0, 0, 0), Sample.TOPIC_ID, Sample.STORE))
                .isInstanceOf(StoreUnavailableException.class);
        assertThat(backdoor().contents()).doesNotContainKey(main(0));
        Marks marks = store.initialise(Sample.starts(1, 1, 1, 1), Sample.TOPIC_ID, nextNameOf(store));
        assertThat(marks.next()).isEqualTo(Sample.starts(1, 1, 1, 1));
    }

    @Test
    void healthIsToldToEachShardOfItsOwnPartitions() {
        Store store = initialised();
        store.report(new Health("writer-1", Sample.starts(0, 0, 0, 0), Sample.starts(10, 20, 30, 40), null));
        assertThat(backdoor().contents().get(main(0) + ":health")).containsEntry("ends", "{\"0\":10,\"3\":40}");
        assertThat(backdoor().contents().get(main(1) + ":health")).containsEntry("ends", "{\"1\":20}");
        assertThat(store.told()).isEmpty();
        store.tell(new Refusal("foreign-value", "a key is not ours"));
        assertThat(store.told().map(Refusal::code)).contains("foreign-value");
        store.commit(tally(new Range(0, 0, 10)));
        assertThat(store.told()).as("another shard's commit is no answer").isPresent();
        assertThat(store.configuration().orElse(NONE)).isEqualTo("shards: " + SHARDS + "\n");
    }

    private void deleteAll(String main) {
        backdoor().contents().keySet().stream()
                .filter(key -> key.startsWith(main))
                .forEach(backdoor()::delete);
    }
}
