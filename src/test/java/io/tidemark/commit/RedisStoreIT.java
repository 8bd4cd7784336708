package io.tidemark.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.plan.Range;
import io.tidemark.testing.RedisServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisStoreIT {
    @Test
    void commitsOnce(@TempDir Path folder) {
        try (RedisServer server = RedisServer.start(folder);
                RedisStore store = new RedisStore(server.address(), Sample.config(), "test")) {
            store.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE);
            assertThat(store.commit(Sample.tally(new Range(0, 0, 100), new Range(1, 0, 50))))
                    .isEqualTo(new CommitResult.Applied(1));
            assertThat(store.commit(Sample.tally(new Range(0, 0, 100), new Range(1, 0, 50))))
                    .isEqualTo(new CommitResult.AlreadyApplied());
            assertThat(store.commit(Sample.tally(new Range(0, 0, 90), new Range(1, 50, 60))))
                    .isEqualTo(new CommitResult.OutOfStep(Sample.starts(100, 50)));
            System.out.println(store.marks());
            store.reset();
            assertThat(store.marks()).isEmpty();
        }
    }
}
