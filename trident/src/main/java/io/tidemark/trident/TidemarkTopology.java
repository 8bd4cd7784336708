package io.tidemark.trident;

import io.tidemark.plan.Chunk;
import io.tidemark.query.Answers;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.Tally;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.storm.Config;
import org.apache.storm.ILocalDRPC;
import org.apache.storm.generated.StormTopology;
import org.apache.storm.topology.TopologyBuilder;
import org.apache.storm.trident.TridentState;
import org.apache.storm.trident.TridentTopology;
import org.apache.storm.trident.operation.Function;
import org.apache.storm.tuple.Fields;

/** Builds the one topology of Tidemark, the same for one machine and for a cluster. */
public final class TidemarkTopology {
    /**
     * Storm neither acks nor fails the attempts of a batch that newer ones took the place of: they fill its own limit
     * until they time out, and a stream at rest would not notice a new record for so long. So that limit is wide, and
     * ours, which only counts what is really in flight, is kept by the coordinator.
     */
    private static final int SUPERSEDED = 14;

    /** At most so many tasks commit, one for each shard: each waits for one node at a time. */
    private static final int MOST_COMMITTING = 8;

    private static final Fields CHUNK = new Fields(TidemarkSpout.FIELD);
    private static final Fields PARSED = new Fields("parsed");
    private static final Fields SHARD = new Fields("shard");
    private static final Fields TALLY = new Fields("tally");

    private TidemarkTopology() {}

    /**
     * The topology that counts these streams and answers the DRPC functions of {@link Answers#FUNCTIONS}.
     *
     * @param drpc the DRPC server in the same JVM; null where the cluster's configuration names DRPC servers
     * @throws IllegalArgumentException without streams, with two of one name, or with one that a program of its own
     *     adds up
     */
    public static StormTopology build(List<StreamConfig> streams, TopologySettings settings, ILocalDRPC drpc) {
        return build(streams, settings, drpc, Ports.of(settings));
    }

    static StormTopology build(List<StreamConfig> streams, TopologySettings settings, ILocalDRPC drpc, Ports ports) {
        if (streams.isEmpty()) {
            throw new IllegalArgumentException("no streams to count");
        }
        TridentTopology topology = new TridentTopology();
        Set<String> names = new HashSet<>();
        for (StreamConfig config : streams) {
            if (!names.add(config.name())) {
                throw new IllegalArgumentException("two streams have the name " + config.name());
            }
            if (config.isByProgram()) {
                throw new IllegalArgumentException("stream " + config.name()
                        + " has sums and no dimensions: the program that adds them up submits a topology of its own");
            }
            count(topology, config, settings, ports);
        }
        StormTopology counting = topology.build();
        answering(settings, drpc).get_spouts().forEach(counting::put_to_spouts);
        return counting;
    }

    /** Beside the batches, not in one: Trident's own return of results never finds a DRPC server again that was away. */
    private static StormTopology answering(TopologySettings settings, ILocalDRPC drpc) {
        TopologyBuilder builder = new TopologyBuilder();
        builder.setSpout(
                "answers",
                new AnswersSpout(settings.redis(), Answers.FUNCTIONS, drpc == null ? null : drpc.getServiceId()));
        return builder.createTopology();
    }

    private static void count(TridentTopology topology, StreamConfig config, TopologySettings settings, Ports ports) {
        TidemarkSpout spout = new TidemarkSpout(config, settings, ports);
        TridentState counts = topology.newStream(spout.id(), spout)
                .name("read-" + config.name())
                .parallelismHint(settings.emitters())
                .localOrShuffle()
                .each(CHUNK, measured(config, StreamMetrics.PARSE, new ParseChunk(config, ports)), PARSED)
                .each(
                        PARSED,
                        measured(config, StreamMetrics.COUNT, new CountChunk(config, ports)),
                        new Fields("shard", "tally"))
                .name("count-" + config.name())
                .parallelismHint(settings.parsers())
                .groupBy(SHARD)
                .persistentAggregate(
                        new TallyState.Factory(config, ports), TALLY, new TallyCombiner(), new Fields("committed"));
        if (config.shards() > 1) {
            counts.parallelismHint(Math.min(config.shards(), MOST_COMMITTING));
        }
    }

    private static MeasuredFunction measured(StreamConfig config, String phase, Function function) {
        return new MeasuredFunction(config.name(), phase, function);
    }

    /** What the topology has to be submitted with; more may be added, but nothing of it changed. */
    public static Config stormConfig(TopologySettings settings) {
        Config config = new Config();
        config.setMaxSpoutPending(settings.pending() + SUPERSEDED);
        config.setMessageTimeoutSecs((int) settings.messageTimeout().toSeconds());
        config.put(Config.TOPOLOGY_ENABLE_MESSAGE_TIMEOUTS, true);
        config.put(Config.TOPOLOGY_TRIDENT_BATCH_EMIT_INTERVAL_MILLIS, (int)
                settings.emitInterval().toMillis());
        config.put(Config.TOPOLOGY_BOLT_WAIT_STRATEGY, RestingWait.class.getName());
        config.put(Config.TOPOLOGY_SPOUT_WAIT_STRATEGY, RestingWait.class.getName());
        config.setNumAckers(1);
        config.setFallBackOnJavaSerialization(false);
        config.registerSerialization(Chunk.class, ChunkSerializer.class);
        config.registerSerialization(Tally.class, TallySerializer.class);
        config.registerSerialization(ReadFailure.class, ReadFailureSerializer.class);
        return config;
    }

    /**
     * Whether a topology may run with this configuration.
     *
     * @throws UnsafeSettingsException with message time-outs off, or without ackers
     */
    public static void checkConfig(Map<String, Object> stormConfig) {
        if (!Boolean.TRUE.equals(stormConfig.get(Config.TOPOLOGY_ENABLE_MESSAGE_TIMEOUTS))) {
            throw new UnsafeSettingsException(Config.TOPOLOGY_ENABLE_MESSAGE_TIMEOUTS + " is "
                    + stormConfig.get(Config.TOPOLOGY_ENABLE_MESSAGE_TIMEOUTS)
                    + ": a batch that a lost message left hanging would never be tried again. Set it to true.");
        }
        if (stormConfig.get(Config.TOPOLOGY_ACKER_EXECUTORS) instanceof Number ackers && ackers.intValue() == 0) {
            throw new UnsafeSettingsException(Config.TOPOLOGY_ACKER_EXECUTORS
                    + " is 0: a batch that failed would pass for a good one. Set it to 1 or more.");
        }
    }
}
