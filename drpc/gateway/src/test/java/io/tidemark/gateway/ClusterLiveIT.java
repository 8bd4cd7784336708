package io.tidemark.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import io.tidemark.testing.CountedRecords;
import io.tidemark.testing.RedisCluster;
import io.tidemark.testing.RedisServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;

/** Live readers of a stream whose shards lie on different nodes of a Redis Cluster. */
class ClusterLiveIT {
    private static final StreamConfig WIKI =
            StreamConfigReader.stored("stream: wiki\ntopic: edits\nshards: 3\ndimensions: {kind: [{field: /kind}]}\n");
    private static final List<String> EDIT = List.of("{\"kind\":\"edit\"}");

    @TempDir
    Path folder;

    /** One connection to any node hears of commits on all of them; without it, this would take an hour. */
    @Test
    void commitsOnEveryNodeAreHeardOf() throws Exception {
        try (RedisCluster cluster = RedisCluster.start(folder, "appendonly no");
                CountedRecords records = new CountedRecords(cluster.address(), WIKI);
                Gateway gateway = Gateway.start(GatewayOptions.of(cluster.address())
                        .withBind("127.0.0.1", 0)
                        .withQuiet(Duration.ofHours(1)));
                LookOn reader = new LookOn(
                        HttpClient.newHttpClient(),
                        URI.create(gateway.url().replace("http", "ws") + "live?stream=wiki"))) {
            assertThat(reader.awaitType("full").at("/cut/offsets")).hasSize(3);
            awaitSubscribed(cluster);
            for (int partition = 0; partition < 3; partition++) {
                records.count(partition, Instant.now(), EDIT);
                reader.awaitCount("kind", "edit", partition + 1);
            }
            for (RedisServer node : cluster.nodes()) {
                RedisCluster.on(
                        node,
                        jedis -> jedis.clientKill(
                                ClientKillParams.clientKillParams().type(ClientType.PUBSUB)));
            }
            awaitSubscribed(cluster);
            records.count(0, Instant.now(), EDIT);
            reader.awaitCount("kind", "edit", 4);
        }
    }

    private static void awaitSubscribed(RedisCluster cluster) {
        String[] channels = {"tidemark:{wiki.0}:commits", "tidemark:{wiki.1}:commits", "tidemark:{wiki.2}:commits"};
        await().atMost(LookOn.SOON)
                .until(() -> cluster.nodes().stream()
                        .anyMatch(node -> RedisCluster.on(node, jedis -> jedis.pubsubNumSub(channels)).values().stream()
                                .allMatch(heard -> heard == 1)));
    }
}
