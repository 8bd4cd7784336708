package io.tidemark.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.stream.RefusedException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisMovedDataException;

class RedisErrorsTest {
    private final RedisErrors errors = new RedisErrors("redis.example:6379", false);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LOADING Redis is loading the dataset in memory",
                "OOM command not allowed when used memory > 'maxmemory'.",
                "READONLY You can't write against a read only replica.",
                "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.",
                "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
                "TRYAGAIN Multiple keys request during rehashing of slot",
                "CLUSTERDOWN The cluster is down",
                "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
                "NOREPLICAS Not enough good replicas to write.",
                "NOSCRIPT No matching script. Please use EVAL.",
                "NOAUTH Authentication required.",
                "WRONGPASS invalid username-password pair or user is disabled.",
                "ERR max number of clients reached",
                "ERR AUTH <password> called without any password configured for the default user."
            })
    void whatPassesIsTriedAgain(String text) {
        assertThat(errors.translate(new JedisDataException(text)))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("redis.example:6379")
                .hasMessageContaining(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "overflow       | ERR increment or decrement would overflow",
                "foreign-value  | ERR hash value is not an integer",
                "foreign-value  | WRONGTYPE Operation against a key holding the wrong kind of value",
                "not-permitted  | NOPERM this user has no permissions to run the 'evalsha' command",
                "not-permitted  | ERR The user executing the script can't run this command or subcommand",
                "redis-cluster  | MOVED 3999 127.0.0.1:6381",
                "redis-cluster  | CROSSSLOT Keys in request don't hash to the same slot",
                "redis-cluster  | ERR This instance has cluster support disabled",
                "redis-error    | ERR unknown command 'EVALSHA'"
            })
    void whatSomebodyMustMendIsRefusedByName(String code, String text) {
        assertThat(errors.ofText(text, "tidemark:{wiki}")).isInstanceOfSatisfying(RefusedException.class, e -> {
            assertThat(e.refusal().code()).isEqualTo(code);
            assertThat(e.refusal().message()).contains("key tidemark:{wiki}", text, "Nothing was changed");
        });
    }

    @Test
    void anErrorInsideAnotherIsFound() {
        JedisException wrapped = new JedisException(
                "Could not get a resource from the pool", new JedisDataException("LOADING Redis is loading"));
        assertThat(errors.translate(wrapped))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("it is loading its data")
                .hasCause(wrapped);
        assertThat(errors.translate(new JedisConnectionException("Read timed out")))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessage("Redis at redis.example:6379 did not answer: Read timed out");
    }

    @Test
    void aRedirectionIsRefusedByOneServerAndPassesInACluster() {
        String moved = "MOVED 3999 127.0.0.1:6381";
        assertThat(errors.ofText(moved, null)).hasMessageContaining("Name the cluster: redis-cluster://HOST:PORT");
        RedisErrors ofCluster = new RedisErrors("the cluster of [n1:1]", true);
        HostAndPort node = new HostAndPort("127.0.0.1", 6381);
        for (JedisException wrong : new JedisException[] {
            new JedisMovedDataException(moved, node, 3999),
            new JedisClusterOperationException(
                    "No more cluster attempts left.", new JedisMovedDataException(moved, node, 3999)),
            new JedisDataException("ERR Script attempted to access a non local key in a cluster node")
        }) {
            assertThat(ofCluster.translate(wrong))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("keys are being moved to another node");
        }
        assertThat(ofCluster.translate(new JedisClusterOperationException("command with multiple hash slots")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("one step was to take keys of several nodes")
                .hasMessageContaining("a fault of Tidemark: please report it");
    }

    @Test
    void theNodeThatDidNotAnswerIsNamed() {
        RedisErrors ofCluster = new RedisErrors("the cluster of [n1:1, n2:2]", true);
        JedisException late = new JedisClusterOperationException(
                "Cluster retry deadline exceeded.",
                new JedisConnectionException("Read timed out"),
                new HostAndPort("n2", 2));
        assertThat(ofCluster.translate(late))
                .hasMessage("Redis at the cluster of [n1:1, n2:2], node n2:2, did not answer: Read timed out");
    }

    @Test
    void whatKeptEachNodeFromAnsweringIsSaid() {
        JedisClusterOperationException none =
                new JedisClusterOperationException("Could not initialize cluster slots cache.");
        none.addSuppressed(new JedisConnectionException("Failed to connect to n1:1", new IOException("refused")));
        assertThat(errors.translate(none))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageEndingWith("did not answer: refused");
        JedisClusterOperationException denied = new JedisClusterOperationException("Could not initialize");
        denied.addSuppressed(new JedisDataException("WRONGPASS invalid username-password pair"));
        assertThat(errors.translate(denied)).hasMessageContaining("it does not accept the password");
    }
}
