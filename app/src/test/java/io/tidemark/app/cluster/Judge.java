package io.tidemark.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.app.Questions;
import io.tidemark.app.Questions.Answered;
import io.tidemark.app.TopicReader;
import io.tidemark.app.service.ServiceInfo;
import io.tidemark.commit.RedisAddress;
import io.tidemark.oracle.AnswerCheck;
import io.tidemark.oracle.Differences;
import io.tidemark.oracle.LabelBook;
import io.tidemark.oracle.Recount;
import io.tidemark.oracle.RedisState;
import io.tidemark.oracle.WikipediaStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;

/** Compares every count in Redis and every answer that was given with a recount of the topic. */
public final class Judge {
    /**
     * What was found.
     *
     * @param answers that were given
     * @param cuts different ones among them
     * @param wrong one text for each answer or count that is not the recount's
     */
    public record Sentence(int answers, int cuts, List<String> wrong) {}

    private Judge() {}

    /** As below, of one asker. */
    public static Sentence judge(ServiceInfo info, LabelBook labels, Questions questions, boolean mayGoBack) {
        return judge(info, labels, List.of(questions.answers()), mayGoBack);
    }

    /**
     * @param askers the answers that each of them got, in order
     * @param mayGoBack whether Redis may have lost writes, so that later answers may be of earlier cuts
     */
    public static Sentence judge(ServiceInfo info, LabelBook labels, List<List<Answered>> askers, boolean mayGoBack) {
        Recount recount = new Recount(TopicReader.read(info.kafka(), WikipediaStream.TOPIC, labels));
        assertThat(labels.notAsSent())
                .as("events that are not on the topic exactly once")
                .isEmpty();
        List<String> wrong = new ArrayList<>();
        try (RedisClient redis = client(info.redisAddress())) {
            RedisState state = RedisState.read(redis);
            if (!state.offsets().equals(recount.ends())) {
                wrong.add("the mark is " + state.offsets() + ", the topic ends at " + recount.ends());
            }
            wrong.addAll(state.compare(recount).lines());
        }
        AnswerCheck check = new AnswerCheck(recount);
        Set<Map<Integer, Long>> cuts = new HashSet<>();
        for (List<Answered> answers : askers) {
            long last = 0;
            for (Answered each : answers) {
                Differences differences = check.check(each.query(), each.answer());
                if (!differences.none()) {
                    wrong.add("\"" + each.query() + "\": " + differences + "\n  " + each.answer());
                }
                Map<Integer, Long> offsets = AnswerCheck.offsets(each.answer());
                long sum = offsets.values().stream().mapToLong(Long::longValue).sum();
                if (sum < last && !mayGoBack) {
                    wrong.add("the mark went back from " + last + " to " + sum);
                }
                last = sum;
                cuts.add(offsets);
            }
        }
        return new Sentence(askers.stream().mapToInt(List::size).sum(), cuts.size(), wrong);
    }

    /** A plain client, that sees keys and no streams. */
    static RedisClient client(RedisAddress address) {
        URI uri = URI.create(address.uri());
        return RedisClient.builder()
                .hostAndPort(new HostAndPort(uri.getHost(), uri.getPort()))
                .clientConfig(DefaultJedisClientConfig.builder()
                        .password(address.password())
                        .build())
                .build();
    }
}
