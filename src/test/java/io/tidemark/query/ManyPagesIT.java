package io.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.commit.RedisStore;
import io.tidemark.stream.BundledStreams;
import io.tidemark.stream.StreamConfig;
import io.tidemark.testing.CountedRecords;
import io.tidemark.testing.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** A dimension with very many categories on a real Redis: what is asked of Redis does not grow with their number. */
class ManyPagesIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int COMMIT = 10_000;
    private static final int LISTED = 20;
    private static final int OFTEN = 40;
    private static final int HOURS = 2;
    private static final int TIMES = 50;

    @TempDir
    Path folder;

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.HOURS);
    private final Map<String, Long> titles = new HashMap<>();
    private int made;

    private final Random random = new Random(7);

    /**
     * What Redis did for something, on average.
     *
     * @param commands inside of scripts too
     * @param micros of its processor
     */
    private record Cost(long bytesIn, long bytesOut, long commands, long micros) {}

    @Test
    void r04ABatchAndTheLargestPagesCostNoMoreWithVeryManyPagesThanWithFew() {
        StreamConfig config = BundledStreams.wikipedia();
        try (RedisServer server = RedisServer.start(folder);
                CountedRecords counted = new CountedRecords(server.address(), config);
                RedisStore store = new RedisStore(server.address(), config, "sweeper");
                Answers answers = new Answers(server.address());
                Jedis redis = new Jedis("127.0.0.1", server.port())) {
            redis.auth(server.password());
            Instant old = now.minus(Duration.ofDays(61));
            counted.count(old, edits(5_000, 0, old, "Old page "));
            titles.clear();
            List<Cost> few = costs(counted, answers, redis, 250);
            assertThat(names(redis)).anyMatch(name -> name.startsWith("Old page "));
            assertThat(store.removeGoneBuckets()).isPositive();
            assertThat(names(redis)).noneMatch(name -> name.startsWith("Old page "));

            List<Cost> many = costs(counted, answers, redis, 60_000);
            System.out.println("ManyPagesIT: batch and top with few pages: " + few + ", with many: " + many);
            assertThat(names(redis)).hasSizeGreaterThan(HOURS * 60_000);
            for (int i = 0; i < few.size(); i++) {
                assertThat(many.get(i).bytesIn()).isLessThanOrEqualTo(few.get(i).bytesIn() * 3 / 2);
                assertThat(many.get(i).bytesOut())
                        .isLessThanOrEqualTo(few.get(i).bytesOut() * 3 / 2);
                assertThat(many.get(i).commands())
                        .isLessThanOrEqualTo(few.get(i).commands() * 3 / 2);
                assertThat(many.get(i).micros()).isLessThanOrEqualTo(few.get(i).micros() * 10);
            }
        }
    }

    /** Of a small batch, and of the largest pages, when so many pages more have been counted in each hour. */
    private List<Cost> costs(CountedRecords counted, Answers answers, Jedis redis, int pages) {
        for (int hour = 0; hour < HOURS; hour++) {
            Instant at = now.minus(Duration.ofHours(hour));
            for (int left = pages; left > 0; left -= COMMIT) {
                counted.count(now, edits(Math.min(left, COMMIT), 500, at, "Page "));
            }
        }
        redis.configSet("slowlog-log-slower-than", "100000");
        redis.slowlogReset();
        Cost batch = cost(redis, () -> counted.count(now, edits(18, 2, now, "Page ")));
        String question = "{\"stream\":\"wiki\",\"top\":{\"of\":\"page\",\"n\":" + LISTED + ",\"from\":\""
                + now.minus(Duration.ofHours(HOURS - 1L)) + "\",\"to\":\"" + now.plus(Duration.ofHours(1)) + "\"}}";
        Cost top = cost(redis, () -> answers.ask("ask", question));
        JsonNode listed = read(answers.ask("ask", question)).get("top");
        assertThat(counts(listed)).isEqualTo(largest());
        assertThat(listed.get("exact").asBoolean()).isTrue();
        assertThat(redis.slowlogLen()).as("steps that held Redis up").isZero();
        return List.of(batch, top);
    }

    private static Cost cost(Jedis redis, Runnable doing) {
        doing.run(); // connections are there, scripts are loaded
        redis.configResetStat();
        double seconds = processorSeconds(redis);
        for (int i = 0; i < TIMES; i++) {
            doing.run();
        }
        seconds = processorSeconds(redis) - seconds;
        String stats = redis.info("stats");
        return new Cost(
                number(stats, "total_net_input_bytes:") / TIMES,
                number(stats, "total_net_output_bytes:") / TIMES,
                commands(redis) / TIMES,
                Math.round(seconds * 1e6 / TIMES));
    }

    private static double processorSeconds(Jedis redis) {
        String info = redis.info("cpu");
        return Double.parseDouble(text(info, "used_cpu_user_main_thread:"))
                + Double.parseDouble(text(info, "used_cpu_sys_main_thread:"));
    }

    private static long number(String info, String name) {
        return Long.parseLong(text(info, name));
    }

    private static String text(String info, String name) {
        int at = info.indexOf(name) + name.length();
        return info.substring(at, info.indexOf('\r', at));
    }

    private static long commands(Jedis redis) {
        long calls = 0;
        for (String line : redis.info("commandstats").split("\r\n")) {
            int at = line.indexOf(":calls=") + 7;
            if (at > 7) {
                calls += Long.parseLong(line.substring(at, line.indexOf(',', at)));
            }
        }
        return calls;
    }

    /** Edits of pages that nobody has edited before, and of some that are edited often. */
    private List<String> edits(int pages, int often, Instant at, String name) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < pages + often; i++) {
            String title = i < pages ? name + made++ : "Often " + (int) (OFTEN * Math.pow(random.nextDouble(), 2));
            titles.merge(title, 1L, Long::sum);
            lines.add("{\"type\":\"edit\",\"namespace\":0,\"user\":\"Sample User\",\"wiki\":\"enwiki\",\"bot\":false,"
                    + "\"meta\":{\"domain\":\"en.wikipedia.org\",\"dt\":\"" + at + "\"},\"title\":\"" + title + "\"}");
        }
        return lines;
    }

    private Map<String, Long> largest() {
        Comparator<Map.Entry<String, Long>> order = Map.Entry.comparingByValue(Comparator.reverseOrder());
        return titles.entrySet().stream()
                .sorted(order.thenComparing(Map.Entry.comparingByKey()))
                .limit(LISTED)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
    }

    private static Map<String, Long> counts(JsonNode top) {
        Map<String, Long> counts = new LinkedHashMap<>();
        top.get("categories")
                .forEach(c -> counts.put(c.get("value").asText(), c.get("count").asLong()));
        return counts;
    }

    /** Of pages, in all that Redis has. */
    private static Set<String> names(Jedis redis) {
        Set<String> names = new HashSet<>();
        for (String key : redis.keys("*:page:*")) {
            names.addAll(redis.zrange(key, 0, -1));
        }
        return names;
    }

    private static JsonNode read(String answer) {
        try {
            return JSON.readTree(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(answer, e);
        }
    }
}
