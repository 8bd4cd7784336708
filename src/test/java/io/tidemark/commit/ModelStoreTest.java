package io.tidemark.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.plan.Range;
import io.tidemark.stream.StreamConfig;
import org.junit.jupiter.api.Test;

/** The model obeys the contract that the real store obeys. */
class ModelStoreTest extends StoreContract {
    private final ModelRedis redis = new ModelRedis(System::currentTimeMillis);

    @Override
    Store open(StreamConfig config, String writer) {
        return new ModelStore(redis, config, writer);
    }

    @Override
    Backdoor backdoor() {
        return redis;
    }

    @Test
    void anOlderStateIsATrueCutAndCountingGoesOnFromIt() {
        Store store = initialised();
        store.commit(Sample.tally(new Range(0, 0, 10)));
        Object older = redis.snapshot();
        store.commit(Sample.tally(new Range(0, 10, 30)));
        redis.restore(older);
        assertThat(counts()).isEqualTo(recount(10));
        assertThat(store.commit(Sample.tally(new Range(0, 30, 40))))
                .isEqualTo(new CommitResult.OutOfStep(Sample.starts(10)));
        assertThat(store.commit(Sample.tally(new Range(0, 10, 40)))).isEqualTo(new CommitResult.Applied(2));
        assertThat(counts()).isEqualTo(recount(40));
        redis.restore(older);
        assertThat(counts()).isEqualTo(recount(10));
    }
}
