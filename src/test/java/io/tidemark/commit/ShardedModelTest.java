package io.tidemark.commit;

import io.tidemark.stream.Shard;

/** The contract of several shards on the model. */
class ShardedModelTest extends ShardsContract {
    private final ModelRedis redis = new ModelRedis(System::currentTimeMillis);

    @Override
    Store openShard(Shard shard) {
        return new ModelStore(redis, shard, "writer-1");
    }

    @Override
    Backdoor backdoor() {
        return redis;
    }
}
