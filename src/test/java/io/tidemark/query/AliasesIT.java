package io.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.RedisStore;
import io.tidemark.commit.Sample;
import io.tidemark.commit.StreamAliases;
import io.tidemark.commit.StreamAliases.Led;
import io.tidemark.cut.RejectedReader;
import io.tidemark.plan.Range;
import io.tidemark.testing.RedisServer;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** A name that readers ask by leads from one stream to another, and no reader is told less than before. */
class AliasesIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FINGERPRINT = "fingerprint-2";

    @TempDir
    static Path folder;

    private static RedisServer server;
    private static RedisConnection redis;
    private static StreamAliases aliases;
    private static Answers answers;
    private static RedisStore old;
    private static RedisStore changed;

    @BeforeAll
    static void startRedis() {
        server = RedisServer.start(folder);
        redis = new RedisConnection(server.address());
        aliases = new StreamAliases(redis);
        answers = new Answers(
                server.address(),
                text -> text.contains("wiki-2") ? Sample.config("wiki-2", FINGERPRINT, 1_000) : Sample.config());
        old = new RedisStore(server.address(), Sample.config(), "writer-1");
        changed = new RedisStore(server.address(), Sample.config("wiki-2", FINGERPRINT, 1_000), "writer-2");
    }

    @AfterAll
    static void stopRedis() {
        changed.close();
        old.close();
        answers.close();
        redis.close();
        server.close();
    }

    @BeforeEach
    void countTheOldStream() {
        try (Jedis jedis = jedis()) {
            jedis.flushAll();
        }
        old.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE);
        old.commit(Sample.tally(new Range(0, 0, 100), new Range(1, 0, 50)));
    }

    @Test
    void aNameThatIsBothIsTheAliasAndTheAnswerSaysWhichStreamItIsOf() {
        assertThat(ask("counts", "stream=wiki").has("answeredBy")).isFalse();
        countTheChangedStream(100, 70);
        assertThat(aliases.lead("wiki", "wiki", "wiki-2")).isEqualTo(new Led.Done());
        for (String function : new String[] {"counts", "trend", "status"}) {
            JsonNode answer = ask(function, "stream=wiki");
            assertThat(answer.path("stream").asText()).isEqualTo("wiki");
            assertThat(answer.path("answeredBy").asText()).isEqualTo("wiki-2");
            assertThat(answer.at("/cut/offsets/1").asLong()).isEqualTo(70);
        }
        assertThat(ask("counts", "stream=wiki-2").has("answeredBy")).isFalse();
        assertThat(new RejectedReader(redis).overview("wiki").marks()).isEqualTo(Sample.starts(100, 70));
    }

    @Test
    void aNameLeadsOnlyToWhatHasCountedAsFar() {
        assertThat(aliases.lead("wiki", "wiki", "wiki-2")).isEqualTo(behind(Map.of(0, 100L, 1, 50L)));
        countTheChangedStream(100, 49);
        assertThat(aliases.lead("wiki", "wiki", "wiki-2")).isEqualTo(behind(Map.of(1, 1L)));
        assertThat(ask("counts", "stream=wiki").has("answeredBy")).isFalse();
        commit(new Range(1, 49, 50));
        assertThat(aliases.lead("wiki", "wiki", "wiki-2")).isEqualTo(new Led.Done());
    }

    @Test
    void twoThatSwitchAtOnceAreToldOfEachOther() {
        countTheChangedStream(100, 50);
        aliases.lead("wiki", "wiki", "wiki-2");
        assertThat(aliases.lead("wiki", "wiki", "wiki-3")).isEqualTo(new Led.Elsewhere("wiki-2"));
        assertThat(aliases.lead("wiki", "wiki-2", "wiki")).isEqualTo(new Led.Done());
        assertThat(aliases.names().aliases()).isEmpty();
        assertThat(ask("counts", "stream=wiki").has("answeredBy")).isFalse();
    }

    /** Whose answer was lost asks again, and is not told of somebody else. */
    @Test
    void aSwitchThatIsSentAgainIsDoneAndFinishesWhatTheFirstLeft() {
        countTheChangedStream(100, 50);
        aliases.begin("wiki-2", "wiki");
        assertThat(aliases.lead("wiki", "wiki", "wiki-2")).isEqualTo(new Led.Done());
        try (Jedis jedis = jedis()) {
            jedis.hset("tidemark:backfills", "wiki-2", "wiki");
            jedis.del("tidemark:replaced");
            jedis.sadd("tidemark:replaced", "wiki-2");
        }
        assertThat(aliases.lead("wiki", "wiki", "wiki-2")).isEqualTo(new Led.Done());
        assertThat(aliases.names().aliases()).isEqualTo(Map.of("wiki", "wiki-2"));
        assertThat(aliases.names().backfills()).isEmpty();
        assertThat(aliases.names().replaced()).containsExactly("wiki");
    }

    @Test
    void whoSaysNoNameHearsOfTheSameThingBeforeDuringAndAfter() {
        assertThat(ask("counts", "").path("stream").asText()).isEqualTo("wiki");
        aliases.begin("wiki-2", "wiki");
        countTheChangedStream(100, 50);
        assertThat(aliases.names().offered()).containsExactly("wiki");
        try (Answers asking = new Answers(server.address(), text -> Sample.config())) {
            assertThat(asking.counts("")).contains("\"stream\":\"wiki\"").doesNotContain("answeredBy");
        }
        aliases.lead("wiki", "wiki", "wiki-2");
        assertThat(aliases.names().offered()).containsExactly("wiki");
        assertThat(aliases.names().all()).containsExactly("wiki", "wiki-2");
        assertThat(ask("counts", "").path("answeredBy").asText()).isEqualTo("wiki-2");
    }

    /** Until it is reset, the stream in the middle is there, and no choice for who says no name. */
    @Test
    void whoSaysNoNameHearsOfTheSameThingAfterASecondChangeToo() {
        countTheChangedStream(100, 50);
        aliases.lead("wiki", "wiki", "wiki-2");
        aliases.begin("wiki-3", "wiki");
        try (RedisStore third = new RedisStore(server.address(), Sample.config("wiki-3", FINGERPRINT, 1_000), "3")) {
            third.initialise(Sample.starts(100, 50), Sample.TOPIC_ID, Sample.STORE);
        }
        assertThat(aliases.lead("wiki", "wiki-2", "wiki-3")).isEqualTo(new Led.Done());
        assertThat(aliases.names().replaced()).containsExactly("wiki", "wiki-2");
        assertThat(aliases.names().offered()).containsExactly("wiki");
        assertThat(aliases.names().all()).containsExactly("wiki", "wiki-2", "wiki-3");
        assertThat(ask("counts", "").path("answeredBy").asText()).isEqualTo("wiki-3");

        assertThat(aliases.lead("wiki", "wiki-3", "wiki")).isEqualTo(new Led.Done());
        assertThat(aliases.names().offered()).containsExactly("wiki");
        aliases.forgetBackfill("wiki-2");
        assertThat(aliases.names().replaced()).containsExactly("wiki-3");
    }

    @Test
    void anAliasOfNothingSaysWhatIsNotThere() {
        try (Jedis jedis = jedis()) {
            jedis.hset("tidemark:aliases", "wiki", "wiki-9");
        }
        JsonNode error = ask("counts", "stream=wiki").path("error");
        assertThat(error.path("code").asText()).isEqualTo("not-initialised");
        assertThat(error.path("message").asText()).contains("stream wiki-9");
        aliases.lead("wiki", "wiki-9", "wiki");
        assertThat(ask("counts", "stream=wiki").has("error")).isFalse();
    }

    private static Jedis jedis() {
        Jedis jedis = new Jedis("127.0.0.1", server.port());
        jedis.auth(server.password());
        return jedis;
    }

    @Test
    void aStreamOfALayoutThatIsNotKnownIsRefusedByNameAlsoBehindAnAlias() {
        countTheChangedStream(100, 50);
        try (Jedis jedis = jedis()) {
            jedis.hset("tidemark:{wiki-2}", "format", "9");
        }
        aliases.lead("wiki", "wiki", "wiki-2");
        JsonNode error = ask("counts", "stream=wiki").path("error");
        assertThat(error.path("code").asText()).isEqualTo("unknown-format");
        assertThat(error.path("message").asText()).contains("tidemark:{wiki-2} has format 9");
    }

    private static Led.Behind behind(Map<Integer, Long> records) {
        return new Led.Behind(new TreeMap<>(records));
    }

    private static void countTheChangedStream(long... marks) {
        changed.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE);
        commit(new Range(0, 0, marks[0]), new Range(1, 0, marks[1]));
    }

    private static void commit(Range... ranges) {
        changed.commit(Sample.tally(Sample.plan(Sample.TOPIC_ID, FINGERPRINT, Sample.STORE, ranges)));
    }

    private static JsonNode ask(String function, String arguments) {
        try {
            return JSON.readTree(answers.ask(function, arguments));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
