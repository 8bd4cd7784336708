package io.tidemark.trident;

import io.tidemark.commit.CommitResult;
import io.tidemark.commit.RedisStore;
import io.tidemark.commit.Store;
import io.tidemark.event.ChunkParser;
import io.tidemark.plan.BatchSize;
import io.tidemark.plan.Chunk;
import io.tidemark.plan.Coordinator;
import io.tidemark.plan.EventLog;
import io.tidemark.plan.Plan;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.ChunkCounter;
import io.tidemark.tally.Tally;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/**
 * Another coordinator with its own emitter and state, all in one: a zombie or a second topology on the same stream. Not
 * thread-safe.
 */
final class Rival implements AutoCloseable {
    private static final Duration TIME = Duration.ofSeconds(10);

    private final Store store;
    private final EventLog log;
    private final Coordinator coordinator;
    private final Function<Chunk, Tally> counting;
    private final Random random;
    private long transaction;
    private int applied;

    Rival(StreamConfig config, TopologySettings settings, long seed) {
        this(config, settings, seed, countingOf(config));
    }

    /** @param counting what a chunk counts as */
    Rival(StreamConfig config, TopologySettings settings, long seed, Function<Chunk, Tally> counting) {
        this.counting = counting;
        store = new RedisStore(settings.redis(), config, "rival");
        log = new KafkaLog(config, settings.kafka());
        random = new Random(seed);
        coordinator = new Coordinator(
                config,
                store,
                log,
                () -> System.nanoTime() / 1_000_000,
                random,
                new BatchSize(1 + random.nextInt(200)));
    }

    private static Function<Chunk, Tally> countingOf(StreamConfig config) {
        ChunkParser parser = new ChunkParser(config);
        ChunkCounter counter = new ChunkCounter(config);
        return chunk -> counter.count(parser.parse(chunk));
    }

    /** Plans, reads, counts and commits one batch, smaller than the topology's and so at other ranges. */
    void commitOne() {
        Plan plan = coordinator.plan(++transaction, Optional.empty(), Optional.empty());
        if (plan.isEmpty()) {
            return;
        }
        Tally[] tally = {Tally.NOTHING};
        log.read(plan, plan.ranges().values(), 100, TIME, chunk -> {
            tally[0] = tally[0].merge(counting.apply(chunk));
        });
        if (store.commit(tally[0]) instanceof CommitResult.Applied) {
            applied++;
        }
    }

    int applied() {
        return applied;
    }

    @Override
    public void close() {
        log.close();
        store.close();
    }
}
