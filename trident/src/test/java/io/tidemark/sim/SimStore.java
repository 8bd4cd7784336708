package io.tidemark.sim;

import io.tidemark.commit.CommitResult;
import io.tidemark.commit.Health;
import io.tidemark.commit.ModelStore;
import io.tidemark.commit.ShardedStore;
import io.tidemark.commit.Store;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.plan.Marks;
import io.tidemark.stream.Refusal;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.Shard;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.Tally;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** One task's connection to a shard in the model of Redis: what it sends may be lost, late, doubled, or its answer lost. */
final class SimStore implements Store {
    /** What becomes of the next commit. */
    enum Fate {
        FINE,
        LOST,
        ANSWER_LOST,
        LATE,
        TWICE
    }

    private final World world;
    private final ModelStore store;

    private SimStore(World world, Shard shard, String writer) {
        this.world = world;
        this.store = new ModelStore(world.redis(), shard, writer);
    }

    /** A connection to all shards of a stream: things happen between what one and another is asked. */
    static Store open(World world, StreamConfig config, String writer) {
        List<SimStore> shards = Shard.of(config).stream()
                .map(shard -> new SimStore(world, shard, writer))
                .toList();
        return shards.size() == 1 ? shards.get(0) : new ShardedStore(config, shards);
    }

    private void reach() {
        world.between();
        if (world.redisIsAway()) {
            throw new StoreUnavailableException("the model's Redis is away", null);
        }
    }

    @Override
    public Optional<Marks> marks() {
        reach();
        Optional<Marks> marks = store.marks();
        world.between();
        return marks;
    }

    @Override
    public Optional<String> configuration() {
        reach();
        return store.configuration();
    }

    @Override
    public Optional<String> startedOverAs() {
        reach();
        Optional<String> name = store.startedOverAs();
        world.between();
        return name;
    }

    @Override
    public Marks initialise(SortedMap<Integer, Long> start, String topicId, String storeId) {
        reach();
        Marks marks = store.initialise(start, topicId, storeId);
        world.storeChanged("initialised");
        return marks;
    }

    @Override
    public CommitResult commit(Tally tally) {
        reach();
        Fate fate = world.fateOfNextCommit();
        if (fate == Fate.LATE || fate == Fate.TWICE) {
            world.underWay(() -> execute(tally));
        }
        if (fate == Fate.LATE || fate == Fate.LOST) {
            throw new StoreUnavailableException("the model lost the connection", null);
        }
        CommitResult result = execute(tally);
        if (fate == Fate.ANSWER_LOST) {
            throw new StoreUnavailableException("the model lost the answer", null);
        }
        return result;
    }

    private CommitResult execute(Tally tally) {
        try {
            CommitResult result = store.commit(tally);
            world.committed(tally, result);
            return result;
        } catch (RefusedException e) {
            world.storeChanged("refused " + e.refusal().code());
            throw e;
        }
    }

    @Override
    public int removeGoneBuckets() {
        reach();
        int removed = store.removeGoneBuckets();
        world.storeChanged("swept");
        return removed;
    }

    @Override
    public void report(Health health) {
        reach();
        store.report(health);
    }

    @Override
    public void tell(Refusal refusal) {
        reach();
        store.tell(refusal);
    }

    @Override
    public Optional<Refusal> told() {
        reach();
        return store.told();
    }

    @Override
    public void reset() {
        throw new UnsupportedOperationException("nobody resets a simulation");
    }

    @Override
    public void close() {
        // A model needs no closing.
    }
}
