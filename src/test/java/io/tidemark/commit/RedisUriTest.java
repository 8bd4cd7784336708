package io.tidemark.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.HostAndPort;

class RedisUriTest {
    @Test
    void takesAnEncodedPasswordOutAndDecodesIt() {
        RedisUri uri = RedisUri.parse("redis://tide:p%40ss%3Aw%23rd%2F%2525%2B%C3%A9@redis.example:6380/3");

        assertThat(uri.password()).isEqualTo("p@ss:w#rd/%25+é");
        assertThat(uri.address()).isEqualTo("redis://tide@redis.example:6380/3");
        assertThat(uri).hasToString("redis://tide@redis.example:6380/3");
    }

    @Test
    void takesAPasswordThatIsHardlyEncoded() {
        RedisUri uri = RedisUri.parse("redis://:p@ss:w#rd/%2525+é@[::1]:6379/0");

        assertThat(uri.password()).isEqualTo("p@ss:w#rd/%25+é");
        assertThat(uri.address()).isEqualTo("redis://[::1]:6379/0");
    }

    @Test
    void aUserStaysInTheAddressEncoded() {
        assertThat(RedisUri.parse("redis://a%3Ab%40c%2B+d:x@h:1/0").address())
                .isEqualTo("redis://a%3Ab%40c%2B%2Bd@h:1/0");
    }

    @Test
    void nothingIsAddedWhereThereIsNoPassword() {
        assertThat(RedisUri.parse("redis://localhost")).isEqualTo(new RedisUri("redis://localhost", null));
        assertThat(RedisUri.parse("rediss://:@h:1/2")).isEqualTo(new RedisUri("rediss://h:1/2", null));
    }

    @Test
    void sentinelsAreNamedWithTheirMaster() {
        RedisUri uri = RedisUri.parse("redis-sentinel://tide:p%40ss@s1:26379,s2,[::1]:5/2#counts");

        assertThat(uri.password()).isEqualTo("p@ss");
        assertThat(uri.address()).isEqualTo("redis-sentinel://tide@s1:26379,s2,[::1]:5/2#counts");
        assertThat(RedisPlace.of(uri.address()))
                .isEqualTo(new RedisPlace(
                        false,
                        "tide",
                        List.of(new HostAndPort("s1", 26379), new HostAndPort("s2", 26379), new HostAndPort("::1", 5)),
                        2,
                        "counts",
                        false));
        assertThat(RedisPlace.of("rediss://h"))
                .isEqualTo(new RedisPlace(true, null, List.of(new HostAndPort("h", 6379)), 0, null, false));
    }

    @Test
    void aClusterIsNamedBySomeOfItsNodes() {
        RedisUri uri = RedisUri.parse("rediss-cluster://tide:p%40ss@n1:7000,n2,[::1]:7002");

        assertThat(uri).isEqualTo(new RedisUri("rediss-cluster://tide@n1:7000,n2,[::1]:7002", "p@ss"));
        assertThat(RedisPlace.of(uri.address()))
                .isEqualTo(new RedisPlace(
                        true,
                        "tide",
                        List.of(new HostAndPort("n1", 7000), new HostAndPort("n2", 6379), new HostAndPort("::1", 7002)),
                        0,
                        null,
                        true));
        assertThat(RedisPlace.of("redis-cluster://n1/0").cluster()).isTrue();
        assertThatThrownBy(() -> RedisUri.parse("redis-cluster://:secret@n1:7000/2"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a Redis Cluster has one database, 0: leave /2 out");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://:secret@h:1",
                "redis://:secret@",
                "redis://:secret@h:1/two",
                "redis://:secret@h:1/0?timeout=3",
                "redis://:secret%zz@h:1/0",
                "redis://:secret%ff@h:1/0",
                "redis://:secret%20@h:1/0",
                "redis://:secret@h:999999",
                "redis://:secret@h:1,i:2/0",
                "redis://:secret@h:1/0#counts",
                "redis-sentinel://:secret@h:1,i:2/0",
                "redis-cluster://:secret@h:1,i:2/1",
                "redis-cluster://:secret@h:1#counts"
            })
    void aMistakeIsNamedWithoutThePassword(String uri) {
        assertThatThrownBy(() -> RedisUri.parse(uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }
}
