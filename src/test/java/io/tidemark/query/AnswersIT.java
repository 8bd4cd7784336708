package io.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.commit.Health;
import io.tidemark.commit.RedisAddress;
import io.tidemark.commit.RedisStore;
import io.tidemark.commit.Sample;
import io.tidemark.plan.Range;
import io.tidemark.stream.Refusal;
import io.tidemark.stream.StreamConfig;
import io.tidemark.testing.RedisServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** Whole answers, compared but for the times that Redis's clock gives. */
class AnswersIT {
    private static final String CUT =
            "\"format\":1,\"cut\":{\"start\":{\"0\":0,\"1\":0},\"offsets\":{\"0\":100,\"1\":50},"
                    + "\"skipped\":[],\"version\":1,\"asOf\":\"2026-01-05T10:14:54.000Z\",\"committedAt\":TIME,\"readAt\":TIME},"
                    + "\"accounts\":{\"records\":150,\"counted\":135,\"rejected\":15,\"filtered\":0,\"late\":0}";
    private static final String ACTION = "\"action\":{\"edit\":90,\"new\":45}";
    private static final String ACTOR = "\"actor\":{\"bot\":35,\"human\":100}";

    @TempDir
    static Path folder;

    private static RedisServer server;
    private RedisStore store;
    private Answers answers;

    @BeforeAll
    static void startRedis() {
        server = RedisServer.start(folder);
    }

    @AfterAll
    static void stopRedis() {
        server.close();
    }

    @BeforeEach
    void open() {
        if (!server.isAlive()) {
            server.start();
        }
        try (Jedis jedis = jedis()) {
            jedis.flushAll();
        }
        store = new RedisStore(server.address(), Sample.config(), "writer-1");
        answers = answers(server.address());
    }

    @AfterEach
    void close() {
        answers.close();
        store.close();
    }

    @Test
    void wordsAreAnsweredWithTheirDimensionsWhole() {
        commitSample();
        assertAnswer(
                "bot g2_new",
                "{\"stream\":\"wiki\",\"query\":\"bot g2_new\"," + CUT + ",\"counts\":{" + ACTOR + "," + ACTION
                        + "},\"labels\":{\"bot\":35,\"g2_new\":45}}");
    }

    @Test
    void categoriesDimensionsAndQuotesAreUnderstood() {
        commitSample();
        String query = "action:edit actor \"action:has not occurred\" stream=wiki";
        assertAnswer(
                query,
                "{\"stream\":\"wiki\",\"query\":\"" + query.replace("\"", "\\\"") + "\"," + CUT
                        + ",\"counts\":{" + ACTION + "," + ACTOR
                        + "},\"labels\":{\"action:edit\":90,\"action:has not occurred\":0}}");
    }

    @Test
    void jsonIsUnderstood() {
        commitSample();
        assertAnswer(
                "{\"stream\":\"wiki\",\"counts\":[\"human\"]}",
                "{\"stream\":\"wiki\",\"query\":\"{\\\"stream\\\":\\\"wiki\\\",\\\"counts\\\":[\\\"human\\\"]}\"," + CUT
                        + ",\"counts\":{" + ACTOR + "},\"labels\":{\"human\":100}}");
    }

    @Test
    void nothingAskedIsEverythingInTotalByAlias() {
        commitSample();
        String all = "," + CUT + ",\"counts\":{" + ACTION + "," + ACTOR
                + "},\"labels\":{\"g2_edit\":90,\"g2_new\":45,\"bot\":35,\"human\":100}}";
        assertAnswer("", "{\"stream\":\"wiki\",\"query\":\"\"" + all);
        assertAnswer(null, "{\"stream\":\"wiki\",\"query\":\"\"" + all);
    }

    @Test
    void beforeTheFirstRecordEverythingIsZero() {
        store.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE);
        assertAnswer(
                "bot",
                "{\"stream\":\"wiki\",\"query\":\"bot\",\"format\":1,\"cut\":{\"start\":{\"0\":0,\"1\":0},\"offsets\":{\"0\":0,\"1\":0},"
                        + "\"skipped\":[],\"version\":0,\"asOf\":null,\"committedAt\":TIME,\"readAt\":TIME},\"accounts\":"
                        + "{\"records\":0,\"counted\":0,\"rejected\":0,\"filtered\":0,\"late\":0},\"counts\":{\"actor\":{}},"
                        + "\"labels\":{\"bot\":0}}");
    }

    @Test
    void whatIsNotKnownIsAnErrorWithWhatIs() {
        commitSample();
        assertAnswer(
                "color:red",
                "{\"stream\":\"wiki\",\"query\":\"color:red\",\"error\":{\"code\":\"unknown-dimension\",\"message\":"
                        + "\"stream wiki has no dimension \\\"color\\\", asked for by \\\"color:red\\\"\","
                        + "\"known\":[\"action\",\"actor\",\"user\"]}}");
        assertAnswer(
                "bots",
                "{\"stream\":\"wiki\",\"query\":\"bots\",\"error\":{\"code\":\"unknown-word\",\"message\":"
                        + "\"stream wiki knows no \\\"bots\\\": expected a dimension, DIMENSION:VALUE or an alias\","
                        + "\"known\":[\"action\",\"actor\",\"bot\",\"g2_*\",\"human\",\"user\"]}}");
        assertAnswer(
                "user",
                "{\"stream\":\"wiki\",\"query\":\"user\",\"error\":{\"code\":\"not-in-total\",\"message\":"
                        + "\"dimension user of stream wiki is kept in hour buckets, not in total: ask for its largest"
                        + " categories in a period with top, or for one of the dimensions that are kept in total\","
                        + "\"known\":[\"action\",\"actor\"]}}");
        assertAnswer(
                "bot stream=orders",
                "{\"stream\":\"orders\",\"query\":\"bot stream=orders\",\"error\":{\"code\":\"unknown-stream\","
                        + "\"message\":\"there is no stream \\\"orders\\\" in this Redis\",\"known\":[\"wiki\"]}}");
    }

    @Test
    void badRequestsSayWhatIsWrong() {
        commitSample();
        assertAnswer(
                "{\"counts\":",
                "{\"query\":\"{\\\"counts\\\":\",\"error\":{\"code\":\"bad-request\",\"message\":\"the question is not JSON:"
                        + " Unexpected end-of-input within/between Object entries\"}}");
        assertAnswer(
                "{\"count\":[\"bot\"]}",
                "{\"query\":\"{\\\"count\\\":[\\\"bot\\\"]}\",\"error\":{\"code\":\"bad-request\",\"message\":\"a question"
                        + " has no field \\\"count\\\"\",\"known\":[\"stream\",\"counts\",\"trend\",\"top\",\"status\",\"zone\","
                        + "\"atLeast\",\"format\"]}}");
        assertAnswer(
                "\"namespace:User talk",
                "{\"query\":\"\\\"namespace:User talk\",\"error\":{\"code\":\"bad-request\",\"message\":\"a double quote is"
                        + " not closed: \\\"namespace:User talk\"}}");
    }

    @Test
    void severalStreamsMustBeTold() {
        assertAnswer(
                "bot",
                "{\"query\":\"bot\",\"error\":{\"code\":\"not-initialised\",\"message\":\"no stream has counted anything in"
                        + " this Redis yet\"}}");
        commitSample();
        try (RedisStore other =
                new RedisStore(server.address(), Sample.config("orders", "fingerprint-1", 10), "writer-2")) {
            other.initialise(Sample.starts(0), "other-topic", "other-store");
        }
        assertAnswer(
                "bot",
                "{\"query\":\"bot\",\"error\":{\"code\":\"stream-not-said\",\"message\":\"there are several streams: say"
                        + " which, with stream=NAME or {\\\"stream\\\": NAME}\",\"known\":[\"orders\",\"wiki\"]}}");
        assertThat(answers.counts("bot stream=wiki")).contains("\"bot\":35");
    }

    @Test
    void sumsThatDoNotAgreeAreNeverAnswered() {
        commitSample();
        String error =
                "{\"stream\":\"wiki\",\"query\":\"bot\",\"error\":{\"code\":\"inconsistent\",\"message\":\"stream"
                        + " wiki: WHAT. Part of what Redis holds was lost or changed by somebody else, so no counts are given."
                        + " Restore Redis from a backup, or start the stream over with: tidemark reset\"}}";
        try (Jedis jedis = jedis()) {
            jedis.hincrBy("tidemark:{wiki}:total:actor", "bot", 1);
            assertAnswer("bot", error.replace("WHAT", "dimension actor adds up to 136 where 135 is right"));
            jedis.hincrBy("tidemark:{wiki}:total:actor", "bot", -1);
            jedis.hincrBy("tidemark:{wiki}:rejected", "not-json", -1);
            assertAnswer("bot", error.replace("WHAT", "the reasons of rejection add up to 14 where 15 is right"));
            jedis.hincrBy("tidemark:{wiki}:rejected", "not-json", 1);
            jedis.hincrBy("tidemark:{wiki}:accounts", "records", 1);
            assertAnswer(
                    "bot",
                    error.replace(
                            "WHAT",
                            "accounts do not agree: records 151, counted 135, rejected 15, filtered 0, late 0"));
            jedis.hincrBy("tidemark:{wiki}:accounts", "records", -1);
            jedis.hset("tidemark:{wiki}", "mark:0", "99");
            assertAnswer(
                    "bot",
                    error.replace(
                            "WHAT",
                            "150 records are counted, but the marks stand only 149 offsets after their starts"));
            jedis.del("tidemark:{wiki}");
            assertAnswer("bot", error.replace("WHAT", "there are counts, but the key with their marks is lost"));
        }
    }

    @Test
    void aRefusedStreamAnswersItsLastCutAndSaysSo() {
        commitSample();
        store.report(new Health(
                "writer-1",
                Sample.starts(0, 0),
                Sample.starts(120, 50),
                new Refusal("records-lost", "partition 0 lost 5 records")));
        assertAnswer(
                "bot",
                "{\"stream\":\"wiki\",\"query\":\"bot\",\"refused\":{\"code\":\"records-lost\",\"message\":\"partition 0"
                        + " lost 5 records\"}," + CUT + ",\"counts\":{" + ACTOR + "},\"labels\":{\"bot\":35}}");
    }

    @Test
    void statusSaysMarkLagAndState() {
        commitSample();
        assertStatus("no-coordinator", "no coordinator has reported yet: is the topology running?", null, "{}", "{}");
        store.report(new Health("writer-1", Sample.starts(3, 0), Sample.starts(120, 50), null));
        assertStatus("running", "20 records behind", 20L, "{\"0\":20,\"1\":0}", "{\"0\":3,\"1\":0}");
    }

    @Test
    void statusNamesASecondWriter() {
        commitSample();
        store.report(new Health("writer-1", new TreeMap<>(), new TreeMap<>(), null));
        store.report(new Health("writer-2", new TreeMap<>(), new TreeMap<>(), null));
        assertThat(withoutTimes(answers.status("")))
                .contains("\"coordinator\":{\"writer\":\"writer-2\",\"at\":TIME},"
                        + "\"otherWriter\":{\"writer\":\"writer-1\",\"at\":TIME}");
    }

    @Test
    void redisThatIsAwayIsAnAnswerAndComesBackByItself() {
        commitSample();
        String before = withoutTimes(answers.counts("bot"));
        server.stop();
        long started = System.nanoTime();
        assertThat(answers.counts("bot stream=wiki"))
                .startsWith("{\"stream\":\"wiki\",\"query\":\"bot stream=wiki\",\"error\":"
                        + "{\"code\":\"store-unavailable\"");
        assertThat(System.nanoTime() - started).isLessThan(3_000_000_000L);
        server.start();
        assertThat(withoutTimes(answers.counts("bot"))).isEqualTo(before);
        server.killAndRestart();
        assertThat(withoutTimes(answers.counts("bot"))).isEqualTo(before);
    }

    @Test
    void whatTheCoordinatorWroteCannotSpoilACut() {
        commitSample();
        String answer = withoutTimes(answers.counts("bot"));
        try (Jedis jedis = jedis()) {
            jedis.hset("tidemark:{wiki}:health", "at-ms", "word");
            assertThat(withoutTimes(answers.counts("bot"))).isEqualTo(answer);
            jedis.hset("tidemark:{wiki}:health", Map.of("at-ms", "1", "ends", "no JSON"));
            assertThat(withoutTimes(answers.counts("bot"))).isEqualTo(answer);
            jedis.del("tidemark:{wiki}:health");
            jedis.set("tidemark:{wiki}:health", "text");
            assertThat(withoutTimes(answers.counts("bot"))).isEqualTo(answer);
            jedis.hset("tidemark:{wiki}", "skipped", "[{\"partition\":0,\"first\":7,\"end\":9}]");
            assertThat(answers.counts("bot"))
                    .contains("\"skipped\":[{\"partition\":0,\"first\":7,\"end\":9}],\"version\":1");
        }
    }

    @Test
    void everyAnswerIsOneCutWhileCommitsGoOn() throws Exception {
        store.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        AtomicBoolean done = new AtomicBoolean();
        List<Future<Integer>> readers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            readers.add(threads.submit(() -> checkAnswersUntil(done)));
        }
        for (long offset = 0; offset < 900; offset += 3) {
            store.commit(Sample.tally(new Range(0, offset, offset + 3)));
            store.commit(Sample.tally(new Range(1, offset, offset + 3)));
        }
        done.set(true);
        int cuts = 0;
        for (Future<Integer> reader : readers) {
            cuts += reader.get();
        }
        threads.shutdown();
        assertThat(cuts).as("different cuts that were answered").isGreaterThan(20);
    }

    private int checkAnswersUntil(AtomicBoolean done) throws Exception {
        Set<String> cuts = new HashSet<>();
        while (!done.get()) {
            JsonNode answer = new ObjectMapper().readTree(answers.counts(""));
            long first = answer.at("/cut/offsets/0").asLong();
            long second = answer.at("/cut/offsets/1").asLong();
            Map<String, Map<String, Long>> recount = new TreeMap<>(Map.of("action", Map.of(), "actor", Map.of()));
            Range[] ranges = Stream.of(new long[] {0, first}, new long[] {1, second})
                    .filter(r -> r[1] > 0)
                    .map(r -> new Range((int) r[0], 0, r[1]))
                    .toArray(Range[]::new);
            if (ranges.length > 0) {
                Sample.tally(ranges).additions().forEach((key, counts) -> {
                    if (key.isTotal()) {
                        recount.put(key.dimension(), new TreeMap<>(counts));
                    }
                });
            }
            assertThat(answer.at("/counts").toString())
                    .as("%s", answer)
                    .isEqualTo(new ObjectMapper().writeValueAsString(recount));
            cuts.add(first + " " + second);
        }
        return cuts.size();
    }

    @Test
    void anotherConfigurationIsNoticed() {
        commitSample();
        answers.counts("bot");
        store.reset();
        assertThat(answers.counts("bot stream=wiki")).contains("\"code\":\"unknown-stream\"");
        StreamConfig other = Sample.config("wiki", "fingerprint-2", 10);
        try (RedisStore renewed = new RedisStore(server.address(), other, "writer-1")) {
            renewed.initialise(
                    Sample.starts(0), Sample.TOPIC_ID, renewed.startedOverAs().orElseThrow());
        }
        assertThat(answers.counts("bot stream=wiki")).contains("\"labels\":{\"bot\":0}");
    }

    private void commitSample() {
        store.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE);
        store.commit(Sample.tally(new Range(0, 0, 100), new Range(1, 0, 50)));
    }

    private void assertAnswer(String query, String expected) {
        assertThat(withoutTimes(answers.counts(query))).isEqualTo(expected);
    }

    private void assertStatus(String state, String why, Long lag, String lags, String first) {
        boolean known = lag != null;
        assertThat(withoutTimes(answers.status(""))
                        .replaceAll("\"usedBytes\":\\d+", "\"usedBytes\":N")
                        .replaceAll("\"lagSeconds\":\\d+", "\"lagSeconds\":S"))
                .isEqualTo(
                        "{\"stream\":\"wiki\",\"query\":\"\"," + CUT + ",\"state\":\"" + state + "\",\"why\":\"" + why
                                + "\",\"rejected\":{\"not-json\":15},\"lag\":" + lag + ",\"lagSeconds\":"
                                + (known ? "S" : "null") + ",\"lags\":" + lags
                                + ",\"ratePerSecond\":0.0,\"components\":{\"redis\":\"up\",\"coordinator\":\""
                                + (state.equals("no-coordinator") ? "away" : "up") + "\",\"kafka\":\""
                                + (state.equals("no-coordinator") ? "unknown" : known ? "up" : "away") + "\"}"
                                + ",\"first\":" + first
                                + ",\"end\":" + (known ? "{\"0\":120,\"1\":50}" : "{}")
                                + ",\"writer\":\"writer-1\",\"coordinator\":{\"writer\":\"" + (known ? "writer-1" : "")
                                + "\",\"at\":" + (known ? "TIME" : "null")
                                + "},\"redis\":{\"usedBytes\":N,\"maxBytes\":0,\"policy\":\"noeviction\"}}");
    }

    private static String withoutTimes(String answer) {
        return answer.replaceAll("\"(committedAt|readAt|at)\":\"\\d{4}-\\d\\d-\\d\\dT[\\d:.]{12}Z\"", "\"$1\":TIME");
    }

    private static Answers answers(RedisAddress address) {
        return new Answers(
                address, text -> Sample.config(text.replace("stream: ", "").strip(), "fingerprint-1", 10));
    }

    private static Jedis jedis() {
        Jedis jedis = new Jedis("127.0.0.1", server.port());
        jedis.auth(server.password());
        return jedis;
    }
}
