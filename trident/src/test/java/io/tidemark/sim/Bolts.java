package io.tidemark.sim;

import io.tidemark.event.ChunkParser;
import io.tidemark.plan.Chunk;
import io.tidemark.sim.Message.Address;
import io.tidemark.sim.Message.Part;
import io.tidemark.stream.Shard;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.ChunkCounter;
import io.tidemark.tally.Tally;
import io.tidemark.trident.Parts;
import io.tidemark.trident.ReadFailure;
import io.tidemark.trident.TallyCombiner;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.storm.topology.FailedException;
import org.apache.storm.trident.operation.TridentCollector;

/** What the tasks of a topology do with a batch, by the product's own parts. */
final class Bolts {
    private Bolts() {}

    /** Reads, and deals its chunks out among so many counters. */
    static BatchExecutor.Bolt emitter(Parts.Emitting emitting, int counters, World world) {
        return new EmitterBolt(emitting, counters, world);
    }

    /** Parses and counts, for the one of so many states that is the stream's. */
    static BatchExecutor.Bolt counter(StreamConfig config, int states, World world) {
        return new CounterBolt(config, states, world);
    }

    /** Merges and commits. */
    static BatchExecutor.Bolt state(StreamConfig config, Parts.Committing state) {
        return new StateBolt(config, state);
    }

    private static final class EmitterBolt implements BatchExecutor.Bolt {
        private final Parts.Emitting emitting;
        private final int counters;
        private final World world;

        private EmitterBolt(Parts.Emitting emitting, int counters, World world) {
            this.emitting = emitting;
            this.counters = counters;
            this.world = world;
        }

        @Override
        public Object newBatch() {
            return null;
        }

        @Override
        public void execute(BatchExecutor.Batch batch, Object plan) {
            emitting.emit(batch.attempt(), plan, new TridentCollector() {
                @Override
                public void emit(List<Object> values) {
                    batch.emit(
                            values.get(0),
                            new Address(Part.COUNTER, world.random().nextInt(counters)));
                }

                @Override
                public void flush() {
                    // Nothing waits.
                }

                @Override
                public void reportError(Throwable t) {
                    throw new AssertionError(t);
                }
            });
        }

        @Override
        public void finish(BatchExecutor.Batch batch) {
            // An emitter is done when it has emitted.
        }
    }

    /** What Trident groups by shard and merges. */
    private static final class Tallied {
        private final int number;
        private final SortedMap<Integer, Tally> shards = new TreeMap<>();

        private Tallied(StreamConfig config) {
            this.number = config.shards();
        }

        void add(Tally tally) {
            int partition = tally.parts().get(0).covers().partition();
            shards.merge(Shard.numberOf(partition, number), tally, new TallyCombiner()::combine);
        }
    }

    private static final class CounterBolt implements BatchExecutor.Bolt {
        private final StreamConfig config;
        private final int states;
        private final World world;
        private final ChunkParser parser;
        private final ChunkCounter counter;

        private CounterBolt(StreamConfig config, int states, World world) {
            this.config = config;
            this.states = states;
            this.world = world;
            this.parser = new ChunkParser(config);
            this.counter = new ChunkCounter(config);
        }

        @Override
        public Object newBatch() {
            return new Tallied(config);
        }

        @Override
        public void execute(BatchExecutor.Batch batch, Object value) {
            if (value instanceof ReadFailure failure) {
                world.figures().count("reads that failed");
                world.trace("read failed: " + failure.reason());
                throw new FailedException(failure.reason());
            }
            ((Tallied) batch.state()).add(counter.count(parser.parse((Chunk) value)));
        }

        @Override
        public void finish(BatchExecutor.Batch batch) {
            ((Tallied) batch.state()).shards.forEach((number, tally) -> {
                int task = Math.floorMod(new Shard(config, number).name().hashCode(), states);
                batch.emit(tally, new Address(Part.STATE, task));
            });
        }
    }

    private static final class StateBolt implements BatchExecutor.Bolt {
        private final StreamConfig config;
        private final Parts.Committing state;

        private StateBolt(StreamConfig config, Parts.Committing state) {
            this.config = config;
            this.state = state;
        }

        @Override
        public Object newBatch() {
            return new Tallied(config);
        }

        @Override
        public void execute(BatchExecutor.Batch batch, Object value) {
            ((Tallied) batch.state()).add((Tally) value);
        }

        @Override
        public void finish(BatchExecutor.Batch batch) {
            Collection<Tally> tallies = ((Tallied) batch.state()).shards.values();
            if (!tallies.isEmpty()) {
                state.update(tallies);
            }
        }
    }
}
