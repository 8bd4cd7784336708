package io.tidemark.commit;

import static io.tidemark.commit.StoreContract.MAIN;
import static io.tidemark.commit.StoreContract.recount;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.plan.Range;
import io.tidemark.tally.Tally;
import io.tidemark.testing.RedisServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A real Redis to be broken, a store with one commit in it, and what must be true of the next one. */
abstract class RedisUnderFaults {
    static final Tally FIRST = Sample.tally(new Range(0, 0, 20));
    static final Tally NEXT = Sample.tally(new Range(0, 20, 40), new Range(1, 0, 20));

    @TempDir
    static Path folder;

    static RedisServer server;

    /** Others are put here to see whether a test notices. */
    Scripts scripts = Scripts.bundled();

    RedisBackdoor backdoor;
    RedisStore store;
    final List<Store> opened = new ArrayList<>();

    @BeforeAll
    static void startRedis() {
        server = RedisServer.start(folder, "appendfsync always");
    }

    @AfterAll
    static void stopRedis() {
        server.close();
    }

    @BeforeEach
    void begin() {
        if (!server.isAlive()) {
            server.start();
        }
        backdoor = new RedisBackdoor(server);
        backdoor.jedis().flushAll();
        backdoor.jedis().configSet("maxmemory", "0");
        backdoor.jedis().configSet("maxmemory-policy", "noeviction");
        store = new RedisStore(server.address(), Sample.config(), "writer-1", scripts);
        store.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE);
        store.commit(FIRST);
    }

    @AfterEach
    void end() {
        opened.forEach(Store::close);
        opened.clear();
        store.close();
        backdoor.close();
    }

    void assertUnavailable(String words, Store unavailable) {
        SortedMap<String, SortedMap<String, String>> before = backdoor.contents();
        assertThatThrownBy(() -> unavailable.commit(NEXT))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining(words);
        assertThat(backdoor.contents()).isEqualTo(before);
    }

    void assertAppliedInTheEnd(Store available) {
        assertThat(available.commit(NEXT)).isEqualTo(new CommitResult.Applied(2));
        assertThat(counts()).isEqualTo(recount(40, 20));
    }

    SortedMap<String, SortedMap<String, String>> counts() {
        return countsOf(backdoor);
    }

    static SortedMap<String, SortedMap<String, String>> countsOf(RedisBackdoor looking) {
        SortedMap<String, SortedMap<String, String>> counts = looking.contents();
        counts.keySet().removeAll(List.of(MAIN, MAIN + ":buckets", StreamKeys.STREAMS));
        return counts;
    }
}
