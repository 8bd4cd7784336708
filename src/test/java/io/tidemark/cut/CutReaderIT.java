package io.tidemark.cut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.RedisStore;
import io.tidemark.commit.Sample;
import io.tidemark.commit.Script;
import io.tidemark.commit.StreamKeys;
import io.tidemark.stream.BucketSize;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is read of a real Redis, in one step. */
class CutReaderIT extends CutFixture {
    @Test
    void marksAccountsAndTotalsAreOfOneMoment() {
        commitSample();
        Reading reading = read(Wish.totals(List.of(ACTOR)));
        assertThat(reading.cut().offsets()).isEqualTo(Sample.starts(100, 50));
        assertThat(reading.cut().accounts().counted()).isEqualTo(135);
        assertThat(reading.counts()).isEqualTo(Map.of("actor", Map.of("bot", 35L, "human", 100L)));
        assertThat(reading.rejected()).isEqualTo(Map.of("not-json", 15L));
    }

    @Test
    void noStreamIsNoCutAndCountsWithoutMarksAreAnError() {
        Wish wish = Wish.totals(List.of());
        assertThatThrownBy(() -> read(wish)).isInstanceOf(NotInitialisedException.class);
        commitSample();
        jedis.del(KEYS.main());
        assertThatThrownBy(() -> read(wish))
                .isInstanceOf(InconsistentException.class)
                .hasMessageContaining("there are counts, but the key with their marks is lost");
    }

    @Test
    void anotherConfigurationIsReadFirst() {
        commitSample();
        read(Wish.totals(List.of(ACTOR)));
        try (RedisStore store = new RedisStore(server.address(), Sample.configWithText("other words"), "writer-1")) {
            store.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE);
        }
        List<String> texts = new ArrayList<>();
        reader.read("wiki", (config, now) -> {
            texts.add(config.text());
            return Wish.totals(List.of());
        });
        assertThat(texts).containsExactly("stream: wiki\n", "other words");
    }

    @Test
    void theTextOfAConfigurationThatIsKnownIsNotRead() {
        commitSample();
        String id = jedis.hget(KEYS.main(), "configuration-id");
        List<?> reply = (List<?>) redis.eval(
                Script.of(script),
                Stream.of(
                                KEYS.main(),
                                KEYS.accounts(),
                                KEYS.rejected(),
                                KEYS.health(),
                                KEYS.buckets(),
                                StreamKeys.ALIASES)
                        .map(RedisConnection::bytes)
                        .toList(),
                Stream.of(id, "", "wiki", "wiki").map(RedisConnection::bytes).toList());
        assertThat(((List<?>) reply.get(3)).stream().map(RedisConnection::text))
                .contains("mark:0", "configuration-id")
                .doesNotContain("configuration");
    }

    @Test
    void aNameIsFollowedToTheStreamThatItLeadsToNow() {
        commitSample();
        try (RedisStore other =
                new RedisStore(server.address(), Sample.config("wiki-2", "fingerprint-1", 10), "writer-2")) {
            other.initialise(Sample.starts(0), Sample.TOPIC_ID, "store-2");
        }
        jedis.hset(StreamKeys.ALIASES, "edits", "wiki");
        assertThat(offsets("edits")).isEqualTo(Sample.starts(100, 50));
        jedis.hset(StreamKeys.ALIASES, "edits", "wiki-2");
        assertThat(offsets("edits")).isEqualTo(Sample.starts(0));
        jedis.hset(StreamKeys.ALIASES, "wiki-2", "wiki");
        assertThat(offsets("wiki-2")).as("an alias wins over a stream").isEqualTo(Sample.starts(100, 50));
    }

    private SortedMap<Integer, Long> offsets(String name) {
        return reader.read(name, (config, now) -> Wish.totals(List.of())).cut().offsets();
    }

    @Test
    void aClockThatIsWrongIsSetByThatOfRedis() {
        commitSample();
        for (Duration off : List.of(Duration.ofHours(1), Duration.ofHours(-1), Duration.ofSeconds(-3))) {
            CutReader wrong = reader(Clock.offset(Clock.systemUTC(), off));
            List<Instant> assumed = new ArrayList<>();
            wrong.read("wiki", (config, now) -> {
                assumed.add(now);
                return new Wish(List.of(), List.of(minutes(TEN, TEN + 60)), List.of());
            });
            assertThat(Duration.between(assumed.get(assumed.size() - 1), Instant.now())
                            .abs())
                    .as("off by %s", off)
                    .isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void whatTheCoordinatorWroteIsNoPartOfTheCut() {
        commitSample();
        jedis.set(KEYS.health(), "not ours");
        Reading reading = read(Wish.totals(List.of(ACTOR)));
        assertThat(reading.coordinator()).isEqualTo(CoordinatorView.NONE);
        assertThat(reading.counts().get("actor")).containsEntry("bot", 35L);
    }

    @Test
    void aSpanIsTheBucketsFromItsBeginningToItsEnd() {
        commitSample();
        long six = TEN + 6 * 60;
        assertThat(span(minutes(six, six + 120)).keySet()).containsExactly(six, six + 60);
        assertThat(span(minutes(TEN, six)).keySet()).containsExactly(TEN + 5 * 60);
        // The hour's end is a minute's end too.
        fill(59, BucketSize.MINUTE, ACTOR, Map.of("bot", 2.0));
        assertThat(span(minutes(TEN + 59 * 60, TEN + 61 * 60))).isEqualTo(Map.of(TEN + 59 * 60, Map.of("bot", 2L)));
        assertThat(span(new Span(ACTOR, BucketSize.HOUR, TEN, TEN + 3_600, List.of())))
                .isEqualTo(Map.of(TEN, Map.of("bot", 35L, "human", 100L)));
    }

    @Test
    void ofManyCategoriesThoseThatOccurredAreRead() {
        commitSample();
        Map<String, Double> users = new HashMap<>();
        for (int i = 0; i < 9_000; i += 7) {
            users.put("user " + i, 1.0 + i);
        }
        fill(1, BucketSize.HOUR, USER, users);
        List<String> asked =
                IntStream.range(0, 9_000).mapToObj(i -> "user " + i).toList();
        Map<String, Long> expected = new TreeMap<>();
        users.forEach((user, n) -> expected.put(user, n.longValue()));
        assertThat(span(new Span(USER, BucketSize.HOUR, TEN + 3_600, TEN + 7_200, asked)))
                .isEqualTo(Map.of(TEN + 3_600, expected));
        assertThat(span(new Span(ACTOR, BucketSize.HOUR, TEN, TEN + 3_600, List.of("nobody", "bot"))))
                .isEqualTo(Map.of(TEN, Map.of("bot", 35L)));
    }

    private Map<Long, ? extends Map<String, Long>> span(Span span) {
        return read(new Wish(List.of(), List.of(span), List.of())).spans().get(span);
    }

    private static Span minutes(long from, long to) {
        return new Span(ACTOR, BucketSize.MINUTE, from, to, List.of());
    }
}
