package io.tidemark.commit;

import static io.tidemark.commit.StoreContract.MAIN;
import static io.tidemark.commit.StoreContract.assertRefused;
import static io.tidemark.commit.StoreContract.recount;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.plan.Range;
import io.tidemark.tally.Tally;
import io.tidemark.testing.CuttingProxy;
import io.tidemark.testing.RedisServer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redis fails in every way that it has: a commit is in whole or not at all, and trying again is enough. */
class RedisStoreFaultIT extends RedisUnderFaults {
    @Test
    void eachCutIsToldAsItBecomesTrue() {
        List<String> told = new ArrayList<>();
        Thread listener = new Thread(() -> {
            try (RedisBackdoor listening = new RedisBackdoor(server)) {
                listening
                        .jedis()
                        .subscribe(
                                new redis.clients.jedis.JedisPubSub() {
                                    @Override
                                    public void onMessage(String channel, String message) {
                                        told.add(message);
                                        unsubscribe();
                                    }
                                },
                                MAIN + ":commits");
            }
        });
        listener.start();
        Awaitility.await()
                .until(() -> backdoor.jedis().pubsubNumSub(MAIN + ":commits").get(MAIN + ":commits") == 1);
        store.commit(NEXT);
        Awaitility.await().until(() -> !listener.isAlive());
        assertThat(told.get(0)
                        .replaceAll("T[\\d:.]{12}Z\"}}$", "T...Z\"}}")
                        .replaceAll("At\":\"....-..-..", "At\":\"DATE"))
                .matches("\\{\"stream\":\"wiki\",\"cut\":\\{\"start\":\\{(\"0\":0,\"1\":0|\"1\":0,\"0\":0)},"
                        + "\"offsets\":\\{(\"0\":40,\"1\":20|\"1\":20,\"0\":40)},\"version\":2,"
                        + "\"asOf\":\"2026-01-05T10:08:54.000Z\",\"committedAt\":\"DATET...Z\"}}");
    }

    @Test
    void outOfMemoryFailsTheCommitWhole() {
        backdoor.jedis().configSet("maxmemory", "1mb");
        assertUnavailable("OOM", store);
        backdoor.jedis().configSet("maxmemory", "0");
        assertAppliedInTheEnd(store);
    }

    @Test
    void aReadOnlyReplicaIsNotWrittenTo(@TempDir Path replicaFolder) {
        backdoor.jedis().configSet("repl-diskless-sync-delay", "0");
        try (RedisServer replica = RedisServer.start(replicaFolder, "appendonly no");
                RedisBackdoor behind = new RedisBackdoor(replica);
                RedisStore onReplica = new RedisStore(replica.address(), Sample.config(), "writer-1")) {
            behind.jedis().configSet("masterauth", server.password());
            behind.jedis().replicaof("127.0.0.1", server.port());
            Awaitility.await()
                    .ignoreExceptions()
                    .until(() -> "1".equals(behind.jedis().hget(MAIN, "version")));
            assertThatThrownBy(onReplica::marks)
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("READONLY");
            assertUnavailable("READONLY", onReplica);
            assertThat(behind.contents()).isEqualTo(backdoor.contents());
        }
        assertAppliedInTheEnd(store);
    }

    @Test
    void aReplicaThatWasPromotedIsWrittenToByTheSameStore() {
        backdoor.jedis().replicaof("127.0.0.1", 1);
        assertUnavailable("READONLY", store);
        backdoor.jedis().replicaofNoOne();
        assertAppliedInTheEnd(store);
    }

    /** It still knows marks, and would be believed for ever by who only reads, or is only told that it is out of step. */
    @Test
    void aMasterThatWasDemotedIsNotBelieved() {
        backdoor.jedis().replicaof("127.0.0.1", 1);
        try {
            for (Tally tally : List.of(FIRST, Sample.tally(new Range(0, 30, 40)))) {
                assertThatThrownBy(() -> store.commit(tally))
                        .isInstanceOf(StoreUnavailableException.class)
                        .hasMessageContaining("READONLY");
            }
            assertThatThrownBy(store::marks)
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("READONLY");
        } finally {
            backdoor.jedis().replicaofNoOne();
        }
        assertAppliedInTheEnd(store);
    }

    /** The refusal comes out of the middle of a commit that is in step with the demoted master too. */
    @Test
    void afterAFailoverTheSecondTryGoesWhereTheAddressLeads(@TempDir Path replicaFolder) {
        backdoor.jedis().configSet("repl-diskless-sync-delay", "0");
        try (RedisServer replica = server.startSibling(replicaFolder);
                RedisBackdoor behind = new RedisBackdoor(replica);
                CuttingProxy address = new CuttingProxy(server.port());
                RedisStore moved = new RedisStore(
                        new RedisAddress(
                                "redis://127.0.0.1:" + address.port(),
                                server.passwordFile().toString()),
                        Sample.config(),
                        "writer-1")) {
            behind.jedis().replicaof("127.0.0.1", server.port());
            Awaitility.await()
                    .ignoreExceptions()
                    .until(() -> "1".equals(behind.jedis().hget(MAIN, "version")));
            assertThat(moved.marks().orElseThrow().of(0)).isEqualTo(20);

            behind.jedis().replicaofNoOne();
            address.lead(replica.port());
            backdoor.jedis().replicaof("127.0.0.1", 1);
            assertUnavailable("READONLY", moved);
            assertThat(moved.commit(NEXT)).isEqualTo(new CommitResult.Applied(2));
            assertThat(countsOf(behind)).isEqualTo(recount(40, 20));
        } finally {
            backdoor.jedis().replicaofNoOne();
        }
    }

    @Test
    void aServerThatLoadsIsWaitedFor(@TempDir Path loadingFolder) {
        List<String> messages = new ArrayList<>();
        try (RedisServer loading = RedisServer.start(loadingFolder);
                RedisStore waiting = new RedisStore(loading.address(), Sample.config(), "writer-1")) {
            waiting.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE);
            waiting.commit(FIRST);
            try (RedisBackdoor filling = new RedisBackdoor(loading)) {
                filling.jedis().eval("for i = 1, 8000 do redis.call('SET', 'filler:' .. i, i) end");
            }
            loading.stop();
            loading.addLines("key-load-delay 20", "loading-process-events-interval-bytes 1024");
            loading.launch();
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(5))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> {
                        try {
                            return waiting.commit(NEXT) instanceof CommitResult.Applied;
                        } catch (StoreUnavailableException notYet) {
                            messages.add(notYet.getMessage());
                            return false;
                        }
                    });
            try (RedisBackdoor looking = new RedisBackdoor(loading)) {
                looking.jedis().eval("for i = 1, 8000 do redis.call('DEL', 'filler:' .. i) end");
                assertThat(countsOf(looking)).isEqualTo(recount(40, 20));
            }
        }
        assertThat(messages).anySatisfy(m -> assertThat(m).contains("LOADING"));
    }

    @Test
    void tooFewReplicasAreWaitedFor() {
        backdoor.jedis().configSet("min-replicas-to-write", "1");
        assertUnavailable("NOREPLICAS", store);
        backdoor.jedis().configSet("min-replicas-to-write", "0");
        assertAppliedInTheEnd(store);
    }

    @Test
    void forgottenScriptsAreLoadedAgain() {
        backdoor.jedis().scriptFlush();
        assertThat(store.commit(NEXT)).isEqualTo(new CommitResult.Applied(2));
        assertThat(counts()).isEqualTo(recount(40, 20));
    }

    @Test
    void aBusyServerIsTriedAgain() throws Exception {
        backdoor.jedis().configSet("busy-reply-threshold", "50");
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (RedisBackdoor looping = new RedisBackdoor(server)) {
            Future<?> loop = other.submit(() -> looping.jedis().eval("while true do end"));
            Awaitility.await().until(() -> {
                try {
                    store.commit(Sample.tally(new Range(0, 5, 10)));
                    return false;
                } catch (StoreUnavailableException busy) {
                    return busy.getMessage().contains("BUSY");
                }
            });
            assertThatThrownBy(() -> store.commit(NEXT))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("BUSY");
            backdoor.jedis().scriptKill();
            assertThatThrownBy(loop::get).hasMessageContaining("killed");
        } finally {
            other.shutdownNow();
        }
        assertAppliedInTheEnd(store);
    }

    @Test
    void anAppendOnlyFileThatLostItsEndIsATrueCut(@TempDir Path aofFolder) throws IOException {
        long seed = Long.getLong("tidemark.seed", System.nanoTime());
        Random random = new Random(seed);
        try (RedisServer forgetful = RedisServer.start(aofFolder);
                RedisStore onIt = new RedisStore(forgetful.address(), Sample.config(), "writer-1")) {
            onIt.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE);
            for (long offset = 0; offset < 400; offset += 20) {
                onIt.commit(Sample.tally(new Range(0, offset, offset + 20)));
            }
            for (int round = 0; round < 8; round++) {
                forgetful.kill();
                cutAppendOnlyFile(aofFolder, random.nextInt(9_000));
                forgetful.start();
                try (RedisBackdoor looking = new RedisBackdoor(forgetful)) {
                    long mark = onIt.marks().map(m -> m.of(0)).orElse(0L);
                    assertThat(countsOf(looking))
                            .as("seed %d, round %d, mark %d", seed, round, mark)
                            .isEqualTo(recount(mark));
                    onIt.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE);
                    if (mark < 400) {
                        assertThat(onIt.commit(Sample.tally(new Range(0, mark, 400))))
                                .isInstanceOf(CommitResult.Applied.class);
                    }
                    assertThat(countsOf(looking))
                            .as("seed %d, round %d", seed, round)
                            .isEqualTo(recount(400));
                }
            }
        }
    }

    @Test
    void aServerThatMayEvictIsRefusedAtTheStartAndWheneverItChanges() {
        store.checkServer();
        for (String policy : List.of("allkeys-lru", "volatile-ttl")) {
            backdoor.jedis().configSet("maxmemory-policy", policy);
            assertRefused("eviction", store::checkServer);
            assertRefused("eviction", () -> store.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE));
        }
        Awaitility.await().untilAsserted(() -> assertRefused("eviction", store::marks));
        backdoor.jedis().configSet("maxmemory-policy", "noeviction");
        store.checkServer();
        assertThat(store.marks().orElseThrow().version()).isEqualTo(1);
    }

    @Test
    void whereInfoIsForbiddenTheStreamGoesOn() {
        RedisStore restricted = storeOfUser("uninformed", "+@all", "~*", "&*", "-info");
        restricted.checkServer();
        assertThat(restricted
                        .initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE)
                        .version())
                .isEqualTo(1);
        assertThat(restricted.commit(NEXT)).isEqualTo(new CommitResult.Applied(2));
    }

    @Test
    void writersInSeveralThreadsStayExact() throws Exception {
        long seed = Long.getLong("tidemark.seed", System.nanoTime());
        ExecutorService threads = Executors.newFixedThreadPool(3);
        List<Future<Integer>> writers = new ArrayList<>();
        for (int w = 0; w < 3; w++) {
            Random random = new Random(seed + w);
            writers.add(threads.submit(() -> quarrel(random)));
        }

        int applied = 0;
        for (Future<Integer> writer : writers) {
            applied += writer.get();
        }
        threads.shutdown();
        SortedMap<Integer, Long> next = store.marks().orElseThrow().next();
        assertThat(store.marks().orElseThrow().version()).isEqualTo(1 + applied);
        assertThat(counts()).as("seed %d", seed).isEqualTo(recount(next.get(0), next.get(1)));
    }

    private static int quarrel(Random random) {
        int applied = 0;
        try (RedisStore mine = new RedisStore(server.address(), Sample.config(), "writer-" + random.nextInt())) {
            for (int i = 0; i < 100; i++) {
                SortedMap<Integer, Long> next = mine.marks().orElseThrow().next();
                int p = random.nextInt(2);
                Range one = new Range(p, next.get(p), next.get(p) + 1 + random.nextInt(5));
                Range other = new Range(1 - p, next.get(1 - p), next.get(1 - p) + 1 + random.nextInt(5));
                Tally tally = random.nextBoolean() ? Sample.tally(one) : Sample.tally(one, other);
                applied += mine.commit(tally) instanceof CommitResult.Applied ? 1 : 0;
            }
        }
        return applied;
    }

    private RedisStore storeOfUser(String name, String... rules) {
        List<String> all = new ArrayList<>(List.of("reset", "on", ">" + server.password()));
        all.addAll(List.of(rules));
        backdoor.jedis().aclSetUser(name, all.toArray(String[]::new));
        RedisAddress address = new RedisAddress(
                "redis://" + name + "@127.0.0.1:" + server.port(),
                server.passwordFile().toString());
        RedisStore restricted = new RedisStore(address, Sample.config(), "writer-1");
        opened.add(restricted);
        return restricted;
    }

    private static void cutAppendOnlyFile(Path folder, int bytes) throws IOException {
        Path last;
        try (var files = Files.list(folder.resolve("appendonlydir"))) {
            last = files.filter(f -> f.toString().endsWith(".incr.aof"))
                    .findFirst()
                    .orElseThrow();
        }
        try (RandomAccessFile file = new RandomAccessFile(last.toFile(), "rw")) {
            file.setLength(Math.max(0, file.length() - bytes));
        }
    }
}
