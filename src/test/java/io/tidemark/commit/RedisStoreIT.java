package io.tidemark.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.plan.Range;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.Tally;
import io.tidemark.testing.RedisServer;
import io.tidemark.testing.ScriptMutants;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a real Redis. */
class RedisStoreIT extends StoreContract {
    @TempDir
    static Path folder;

    private static RedisServer server;

    private Scripts scripts = Scripts.bundled();

    private final List<Store> opened = new ArrayList<>();
    private RedisBackdoor backdoor;

    @BeforeAll
    static void startRedis() {
        server = RedisServer.start(folder, "appendonly no");
    }

    @AfterAll
    static void stopRedis() {
        server.close();
    }

    @BeforeEach
    void begin() {
        begin(server);
    }

    /** Runs one of these tests on other scripts; what it throws is thrown. */
    static void run(RedisServer on, Scripts scripts, String test) throws Throwable {
        RedisStoreIT tests = new RedisStoreIT();
        tests.scripts = scripts;
        tests.begin(on);
        try {
            ScriptMutants.call(tests, test);
        } finally {
            tests.end();
        }
    }

    void begin(RedisServer on) {
        backdoor = new RedisBackdoor(on);
        backdoor.jedis().flushAll();
        server = on;
    }

    @AfterEach
    void end() {
        opened.forEach(Store::close);
        backdoor.close();
    }

    @Override
    Store open(StreamConfig config, String writer) {
        Store store = new RedisStore(server.address(), config, writer, scripts);
        opened.add(store);
        return store;
    }

    @Override
    Backdoor backdoor() {
        return backdoor;
    }

    @Override
    void mustSay(RefusedException refusal, String... words) {
        assertThat(refusal.refusal().message()).contains(words);
    }

    @Test
    void aCommitSurvivesThatNobodyMayBeTold() {
        Store store = initialised();
        store.commit(Sample.tally(new Range(0, 0, 20)));
        Store restricted = openAs("untold", "+@all", "~*", "resetchannels");
        assertThat(restricted.commit(Sample.tally(new Range(0, 20, 40)))).isEqualTo(new CommitResult.Applied(2));
        assertThat(counts()).isEqualTo(recount(40));
    }

    @Test
    void whatAUserMayNotDoIsTakenBackAndNamed() {
        Store store = initialised();
        store.commit(Sample.tally(new Range(0, 0, 20)));
        for (int i = 0; i < 1_000; i++) {
            backdoor.setScore(MAIN + ":rejected-at:0", i + " kept before", Integer.toString(i));
        }
        Tally next = Sample.tally(new Range(0, 20, 2_000), new Range(1, 0, 20));
        for (String denied : List.of("-hset", "-zadd", "-zincrby", "-zremrangebyrank")) {
            Store restricted = openAs("restricted", "+@all", "~*", "&*", denied);
            assertRefusedWithContentsUnchanged("not-permitted", restricted, next);
        }
        backdoor.delete(MAIN + ":rejected-at:0");
        Sample.tally(new Range(0, 0, 20))
                .rejected()
                .get(0)
                .forEach(r -> backdoor.setScore(
                        MAIN + ":rejected-at:0", r.offset() + " " + r.reason(), Long.toString(r.offset())));
        assertThat(store.commit(next)).isEqualTo(new CommitResult.Applied(2));
        assertThat(counts()).isEqualTo(recount(2_000, 20));
    }

    @Test
    void theRemovalLooksAgainWhetherABucketIsGone() {
        initialised().commit(Sample.tally(new Range(0, 0, 10)));
        SortedMap<String, SortedMap<String, String>> before = backdoor.contents();
        String clock = before.get(MAIN).get("clock");
        assertThat(remove(clock)).isEqualTo(0L);
        assertThat(backdoor.contents()).isEqualTo(before);
        assertThat(remove(plus(clock, -1))).isEqualTo(1L);
        assertThat(backdoor.contents()).doesNotContainKey(MAIN + ":minute:actor:2026-01-05T10:05");
    }

    @Test
    void marksAreReadWithoutTheTextOfTheConfiguration() {
        initialised();
        try (RedisConnection redis = new RedisConnection(server.address())) {
            List<?> fields = (List<?>) redis.eval(scripts.marks(), List.of(RedisConnection.bytes(MAIN)), List.of());
            assertThat(fields.stream().map(RedisConnection::text))
                    .contains("mark:0", "start:1", "configuration-id")
                    .doesNotContain("configuration", "stream: wiki\n");
        }
    }

    @Test
    void aResetThatBrokeOffLeavesTheStreamFrozen() {
        Store store = initialised();
        store.commit(Sample.tally(new Range(0, 0, 20)));
        Store breaksOff = openAs("breaking-off", "+@all", "~*", "&*", "-unlink");
        assertRefused("not-permitted", breaksOff::reset);
        assertThat(store.marks().orElseThrow().frozen()).isEqualTo("resetting");
        assertRefused("frozen", () -> store.commit(Sample.tally(new Range(0, 20, 30))));
        backdoor.delete(MAIN);
        assertRefused("not-permitted", breaksOff::reset);
        assertThat(store.marks().orElseThrow().frozen())
                .as("the marks had been lost")
                .isEqualTo("resetting");
        backdoor.setField(MAIN, "format", "2");
        assertRefused("not-permitted", breaksOff::reset);
        assertRefused("unknown-format", store::marks);
    }

    private Object remove(String goneAt) {
        try (RedisConnection redis = new RedisConnection(server.address())) {
            return redis.eval(
                    scripts.remove(),
                    Stream.of(MAIN, MAIN + ":buckets", MAIN + ":minute:actor:2026-01-05T10:05")
                            .map(RedisConnection::bytes)
                            .toList(),
                    Stream.of(StreamKeys.FORMAT, "fingerprint-1", "minute:2026-01-05T10:05", goneAt)
                            .map(RedisConnection::bytes)
                            .toList());
        }
    }

    private Store openAs(String user, String... rules) {
        List<String> all = new ArrayList<>(List.of("reset", "on", ">" + server.password()));
        all.addAll(List.of(rules));
        backdoor.jedis().aclSetUser(user, all.toArray(String[]::new));
        RedisAddress address = new RedisAddress(
                "redis://" + user + "@127.0.0.1:" + server.port(),
                server.passwordFile().toString());
        Store store = new RedisStore(address, Sample.config(), "writer-1", scripts);
        opened.add(store);
        return store;
    }

    /** Also as Redis itself would save it, byte for byte. */
    @Override
    void assertRefusedWithNothingChanged(String code, Store store, Tally tally) {
        SortedMap<String, String> before = backdoor.dumps();
        assertRefusedWithContentsUnchanged(code, store, tally);
        assertThat(backdoor.dumps()).isEqualTo(before);
    }

    /** A hash or set that grew for a moment may be saved in another order afterwards. */
    private void assertRefusedWithContentsUnchanged(String code, Store store, Tally tally) {
        super.assertRefusedWithNothingChanged(code, store, tally);
    }
}
