package io.tidemark.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.StartingOver;
import io.tidemark.stream.BundledStreams;
import io.tidemark.testing.CountedRecords;
import io.tidemark.testing.RedisServer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream whose Redis is named, as on a cluster: there is no data folder. */
class ResetElsewhereIT {
    @Test
    void aStreamInARedisThatIsNamedIsStartedOver(@TempDir Path folder) throws Exception {
        try (RedisServer redis = RedisServer.start(folder, "appendonly no");
                RedisConnection connection = new RedisConnection(redis.address());
                CountedRecords edits = new CountedRecords(redis.address(), BundledStreams.wikipedia())) {
            edits.count(Instant.now(), List.of("{\"type\":\"edit\"}"));
            String[] there = {
                "--redis",
                redis.address().uri(),
                "--redis-password-file",
                redis.address().passwordFile()
            };

            CommandLineRun other = CommandLineRun.of("reset", "--yes", there[0], there[1], there[2], there[3], "wikis");
            assertThat(other.exitCode()).isEqualTo(ExitCodes.USAGE);
            assertThat(other.err()).contains("there is nothing of a stream wikis in this Redis. Nothing was deleted.");
            CommandLineRun notAsked = CommandLineRun.of("reset", there[0], there[1], there[2], there[3], "wiki");
            assertThat(notAsked.exitCode()).isEqualTo(ExitCodes.USAGE);
            assertThat(keys(connection)).contains("tidemark:{wiki}", "tidemark:{wiki}:accounts");

            CommandLineRun reset = CommandLineRun.of("reset", "--yes", there[0], there[1], there[2], there[3], "wiki");
            assertThat(reset.exitCode()).as(reset.err()).isEqualTo(ExitCodes.OK);
            assertThat(reset.out()).contains("a topology that counts it begins anew within seconds");
            assertThat(keys(connection)).containsExactly("tidemark:{wiki}:health");
            assertThat(new StartingOver(connection, "wiki").isThere()).isTrue();

            connection.call(client -> client.hset("tidemark:{orders.1}", "format", "1"));
            CommandLineRun shard =
                    CommandLineRun.of("reset", "--yes", there[0], there[1], there[2], there[3], "orders.1");
            assertThat(shard.exitCode()).isEqualTo(ExitCodes.USAGE);
            assertThat(shard.err())
                    .contains("orders.1 is a shard of stream orders", "Nothing was deleted", "tidemark reset orders");
            assertThat(keys(connection)).contains("tidemark:{orders.1}");
        }
    }

    private static Set<String> keys(RedisConnection connection) {
        return connection.call(client -> client.keys("tidemark:*"));
    }
}
