package io.tidemark.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.plan.Epochs;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.stream.Dimension;
import io.tidemark.stream.InvalidConfigException;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.Shard;
import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import io.tidemark.tally.Accounts;
import io.tidemark.tally.CountKey;
import io.tidemark.tally.Tally;
import io.tidemark.testing.RedisServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sums that a program makes may fall, and are whole or not at all like every count. */
class ProgramSumsIT {
    private static final StreamConfig CONFIG =
            StreamConfigReader.stored("stream: revenue\ntopic: orders\nsums: cents by country, 1\n");

    @TempDir
    static Path folder;

    private static RedisServer server;
    private RedisBackdoor backdoor;
    private RedisStore store;

    @BeforeAll
    static void startRedis() {
        server = RedisServer.start(folder);
    }

    @AfterAll
    static void stopRedis() {
        server.close();
    }

    @BeforeEach
    void begin() {
        backdoor = new RedisBackdoor(server);
        backdoor.jedis().flushAll();
        store = new RedisStore(server.address(), CONFIG, "test");
        store.initialise(Sample.starts(0), "topic-id", "store");
    }

    @AfterEach
    void end() {
        store.close();
        backdoor.close();
    }

    @Test
    void sumsRiseAndFall() {
        store.commit(tally(0, 2, Map.of("DE", 500L, "FR", -1L << 60)));
        store.commit(tally(2, 4, Map.of("DE", -800L, "FR", 1L << 60, "PL", 0L)));
        assertThat(sums()).isEqualTo(Map.of("DE", "-300", "FR", "0"));
    }

    @Test
    void aCommitThatOverflowsIsTakenBackAlsoWhereItSubtracted() {
        // In whatever order they are added, some come before the one that overflows.
        Map<String, Long> first = new TreeMap<>(Map.of("full", Long.MAX_VALUE));
        Map<String, Long> more = new TreeMap<>(Map.of("full", 1L));
        for (long i = 1; i <= 50; i++) {
            first.put("old-" + i, i % 2 == 0 ? i : -i);
            more.put("old-" + i, i % 3 == 0 ? 7 : -1_000_000_000_000L * i);
            more.put("new-" + i, -i);
        }
        store.commit(tally(0, 2, first));
        SortedMap<String, SortedMap<String, String>> before = backdoor.contents();
        assertThatThrownBy(() -> store.commit(tally(2, 4, more)))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.refusal().code()).isEqualTo("overflow"));
        assertThat(backdoor.contents()).isEqualTo(before);
    }

    @Test
    void whatHasNoOppositeOrOverflowsWithinABatchIsNotAdded() {
        SortedMap<String, SortedMap<String, String>> before = backdoor.contents();
        assertThatThrownBy(() -> store.commit(tally(0, 2, Map.of("a", Long.MIN_VALUE))))
                .isInstanceOf(IllegalArgumentException.class);
        Plan plan = plan(0, 2);
        Tally twice = Tally.of(part(plan, 0, 1, Map.of("a", Long.MAX_VALUE)))
                .merge(Tally.of(part(plan, 1, 2, Map.of("a", 1L))));
        assertThatThrownBy(() -> store.commit(twice)).isInstanceOf(ArithmeticException.class);
        assertThat(backdoor.contents()).isEqualTo(before);
    }

    @Test
    void countsOfEventsNeverFall() {
        StreamConfig events = StreamConfigReader.stored(
                "stream: revenue\ntopic: orders\nsums: x\n".replace("sums: x", "dimensions: {sums: [{field: /x}]}"));
        assertThatThrownBy(() -> new CommitArguments(new Shard(events, 0), tally(0, 2, Map.of("a", -1L)), "test"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("take away");
    }

    @Test
    void aProgramDecidesItselfWhatItAddsUp() {
        assertThatThrownBy(() -> StreamConfigReader.stored(
                        "stream: revenue\ntopic: orders\nsums: x\nwhere: {/a: b}\ndimensions: {c: [{field: /c}]}\n"))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("where cannot stand beside sums")
                .hasMessageContaining("dimensions cannot stand beside sums");
        assertThat(CONFIG.isByProgram()).isTrue();
        assertThat(StreamConfigReader.stored(CONFIG.text().replace(", 1", ", 2"))
                        .fingerprint())
                .isNotEqualTo(CONFIG.fingerprint());
    }

    private Map<String, String> sums() {
        return backdoor.jedis().hgetAll("tidemark:{revenue}:total:sums");
    }

    private static Tally tally(long first, long end, Map<String, Long> sums) {
        return Tally.of(part(plan(first, end), first, end, sums));
    }

    private static Tally.Part part(Plan plan, long first, long end, Map<String, Long> sums) {
        return new Tally.Part(
                plan,
                new Range(0, first, end),
                Epochs.UNKNOWN,
                1_000,
                new Accounts(end - first, end - first, 0, 0, 0),
                Map.of(),
                List.of(),
                Map.of(CountKey.total(Dimension.SUMS), sums));
    }

    private static Plan plan(long first, long end) {
        return new Plan(
                "revenue",
                "topic-id",
                CONFIG.fingerprint(),
                "store",
                Sample.starts(0),
                new TreeMap<>(Map.of(0, new Range(0, first, end))),
                new TreeMap<>());
    }
}
