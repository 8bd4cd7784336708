package io.tidemark.bench;

import org.apache.storm.Config;
import org.apache.storm.ILocalDRPC;
import org.apache.storm.generated.StormTopology;
import redis.clients.jedis.RedisClient;

/** A topology that counts a topic into Redis. */
interface Counting {
    Config config();

    StormTopology topology(ILocalDRPC drpc);

    /** How many records Redis shows as counted now. */
    long counted(RedisClient redis);
}
