package io.tidemark.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.tidemark.plan.Range;
import io.tidemark.stream.Refusal;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the coordinator and other tasks say of a stream, beside its counts. Each test begins with an empty store. */
abstract class HealthContract extends StoreFixture {
    private static final String HEALTH = MAIN + ":health";
    private static final Refusal REFUSAL = new Refusal("foreign-value", "a key holds what is no count");

    @Test
    void aReportIsKeptWhole() {
        Store store = initialised();
        store.report(new Health("writer-1", Sample.starts(3, 0), Sample.starts(10, 0), starts(1, 4), true, REFUSAL));
        assertThat(health())
                .containsEntry("writer", "writer-1")
                .containsEntry("first", "{\"0\":3,\"1\":0}")
                .containsEntry("ends", "{\"0\":10,\"1\":0}")
                .containsEntry("open", "{\"1\":4}")
                .containsEntry("timestamps", "LogAppendTime")
                .containsEntry("refusal-code", REFUSAL.code())
                .containsEntry("refusal-message", REFUSAL.message());
        store.report(new Health("writer-1", new TreeMap<>(), new TreeMap<>(), null));
        assertThat(health())
                .containsEntry("timestamps", "")
                .containsEntry("refusal-code", "")
                .containsEntry("refusal-message", "");
    }

    @Test
    void aSecondWriterIsNamedWhileItIsAlive() {
        Store store = initialised();
        report(store, "writer-1", 0, 0);
        report(store, "writer-1", 0, 0);
        assertThat(health()).doesNotContainKeys("other-writer", "other-at");
        report(store, "writer-2", 0, 0);
        assertThat(health()).containsEntry("other-writer", "writer-1").containsEntry("other-at", health().get("at-ms"));
        // The one before has not been heard of for ten seconds: it was replaced.
        backdoor().setField(HEALTH, "at-ms", plus(health().get("at-ms"), -RedisStore.WRITER_ALIVE.toMillis()));
        report(store, "writer-3", 0, 0);
        assertThat(health()).containsEntry("other-writer", "writer-1");
    }

    @Test
    void whatIsNoTimeIsAsGoodAsNone() {
        Store store = initialised();
        backdoor().setField(HEALTH, "writer", "writer-0");
        report(store, "writer-1", 0, 0);
        backdoor().setField(HEALTH, "at-ms", "word");
        report(store, "writer-2", 0, 0);
        assertThat(health()).doesNotContainKey("other-writer").containsEntry("writer", "writer-2");
        backdoor().setField(HEALTH, "at-ms", "word");
        report(store, "writer-2", 0, 0);
        assertThat(main()).doesNotContainKey("idle:0");
        backdoor().deleteField(HEALTH, "writer");
        report(store, "writer-3", 0, 0);
        assertThat(health()).doesNotContainKey("other-writer");
    }

    @Test
    void aStreamIsBehindSinceItsMarkLastMoved() {
        Store store = initialised();
        report(store, "writer-1", 10, 0);
        assertThat(behindSince()).isEqualTo(health().get("at-ms"));
        backdoor().setField(HEALTH, "behind-since", "1000");
        report(store, "writer-1", 20, 0);
        assertThat(behindSince()).as("the mark has not moved").isEqualTo("1000");
        store.commit(Sample.tally(new Range(0, 0, 5)));
        report(store, "writer-1", 20, 0);
        assertThat(behindSince()).as("it has, and there is more").isEqualTo(health().get("at-ms"));
        store.commit(Sample.tally(new Range(0, 5, 20)));
        for (long end : new long[] {20, 10}) {
            report(store, "writer-1", end, 0);
            assertThat(behindSince())
                    .as("nothing lies beyond, seen up to %d", end)
                    .isEmpty();
        }
        report(store, "writer-1", 21, 0);
        assertThat(behindSince()).as("again").isEqualTo(health().get("at-ms"));
        report(store, "writer-1", 20, 0);
        store.report(new Health("writer-1", Sample.starts(0, 0), Sample.starts(20, 0), starts(0, 25), false, null));
        assertThat(behindSince()).as("held back").isEqualTo(health().get("at-ms"));
    }

    @Test
    void aPartitionIsIdleAsOfTheReportBeforeOfItsOwnWriter() {
        Store store = initialised();
        store.commit(Sample.tally(new Range(0, 0, 100), new Range(1, 0, 50)));
        report(store, "writer-2", 100, 50);
        report(store, "writer-1", 100, 50);
        assertThat(main()).as("another's report was before").doesNotContainKeys("idle:0", "idle:1");
        String before = health().get("at-ms");
        report(store, "writer-1", 100, 60);
        assertThat(main()).containsEntry("idle:0", before).doesNotContainKey("idle:1");
        store.report(new Health("writer-1", Sample.starts(0, 0), Sample.starts(100, 50), starts(1, 51), false, null));
        assertThat(main()).as("held back").doesNotContainKey("idle:1");
        store.report(new Health("writer-1", Sample.starts(0, 0), Sample.starts(100, 50), REFUSAL));
        assertThat(main()).as("refused").doesNotContainKey("idle:1");
        report(store, "writer-1", 100, 50);
        assertThat(main()).containsKey("idle:1");
    }

    @Test
    void aReportMakesNoStream() {
        Store store = open();
        report(store, "writer-1", 0, 0);
        report(store, "writer-1", 0, 5);
        assertThat(backdoor().contents()).containsOnlyKeys(HEALTH);
        assertThat(health()).containsEntry("behind-version", "");
        assertThat(behindSince()).isNotEmpty();
        backdoor().putText(MAIN, "not ours");
        report(store, "writer-1", 0, 0);
        assertThat(backdoor().contents().get(MAIN)).containsEntry("", "not ours");
    }

    @Test
    void whatATaskWasRefusedIsToldUntilACommitIsApplied() {
        Store store = initialised();
        assertThat(store.told()).isEmpty();
        open(Sample.config(), "writer-2").tell(REFUSAL);
        assertThat(store.told()).contains(REFUSAL);
        report(store, "writer-1", 10, 0);
        assertThat(store.told()).as("a report is no commit").contains(REFUSAL);
        store.commit(Sample.tally(new Range(0, 0, 10)));
        assertThat(store.told()).isEmpty();
        Refusal other = new Refusal("overflow", "another reason");
        store.tell(REFUSAL);
        store.tell(other);
        assertThat(store.told()).as("the last").contains(other);
        assertThat(health()).containsEntry("writer", "writer-1");
    }

    @Test
    void whatWasToldLongAgoHoldsNoMore() {
        Store store = initialised();
        store.tell(REFUSAL);
        String at = health().get("told-ms");
        backdoor().setField(HEALTH, "told-ms", plus(at, -RedisStore.TOLD_HOLDS.toMillis() + 5_000));
        assertThat(store.told()).contains(REFUSAL);
        backdoor().setField(HEALTH, "told-ms", plus(at, -RedisStore.TOLD_HOLDS.toMillis() - 1));
        assertThat(store.told()).isEmpty();
        backdoor().setField(HEALTH, "told-ms", "word");
        assertThat(store.told()).isEmpty();
    }

    @Test
    void aRefusalIsToldOfAStreamThatIsNotThereToo() {
        Store store = open();
        store.tell(REFUSAL);
        assertThat(store.told()).contains(REFUSAL);
        assertThat(backdoor().contents()).containsOnlyKeys(HEALTH);
        assertThatCode(() -> store.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE))
                .doesNotThrowAnyException();
        assertThat(store.told()).as("it has begun").isEmpty();
        backdoor().delete(MAIN);
        backdoor().putText(MAIN, "not ours");
        store.tell(REFUSAL);
        assertThat(store.told()).contains(REFUSAL);
    }

    private static void report(Store store, String writer, long end, long otherEnd) {
        store.report(new Health(writer, Sample.starts(0, 0), Sample.starts(end, otherEnd), null));
    }

    private static SortedMap<Integer, Long> starts(int partition, long offset) {
        return new TreeMap<>(Map.of(partition, offset));
    }

    private SortedMap<String, String> health() {
        return backdoor().contents().get(HEALTH);
    }

    private SortedMap<String, String> main() {
        return backdoor().contents().get(MAIN);
    }

    private String behindSince() {
        return health().get("behind-since");
    }
}
