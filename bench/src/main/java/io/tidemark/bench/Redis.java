package io.tidemark.bench;

import io.tidemark.commit.RedisAddress;
import java.net.URI;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;

/** Opens connections to the measured Redis. */
final class Redis {
    private Redis() {}

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
