package io.tidemark.trident;

import io.tidemark.stream.StreamConfig;
import java.util.HashMap;
import java.util.Map;
import org.apache.storm.task.TopologyContext;
import org.apache.storm.trident.spout.ITridentSpout;
import org.apache.storm.tuple.Fields;

/**
 * One stream's topic as a Trident spout: the coordinator plans ranges from the marks beside the counts, the emitters
 * read exactly these. Its id in a topology must hold the stream's name, since nothing else tells streams apart in
 * Trident's ZooKeeper path. Each tuple has one field, {@value #FIELD}: a {@link io.tidemark.plan.Chunk}, or a
 * {@link ReadFailure} on which the batch must fail.
 */
public final class TidemarkSpout implements ITridentSpout<Object> {
    /** The one field. */
    public static final String FIELD = "chunk";

    private static final long serialVersionUID = 1L;

    private final StreamSource source;
    private final TopologySettings settings;
    private final Ports ports;

    public TidemarkSpout(StreamConfig config, TopologySettings settings) {
        this(config, settings, Ports.of(settings));
    }

    TidemarkSpout(StreamConfig config, TopologySettings settings, Ports ports) {
        this.source = StreamSource.of(config);
        this.settings = settings;
        this.ports = ports;
    }

    /** The id that this spout has to have in a topology. */
    public String id() {
        return "tidemark-" + source.name();
    }

    /** @throws UnsafeSettingsException when the topology was submitted with settings that break the promise */
    @Override
    public BatchCoordinator<Object> getCoordinator(
            String stateId, Map<String, Object> stormConfig, TopologyContext context) {
        TidemarkTopology.checkConfig(stormConfig);
        return new MeasuredCoordinator(
                new SpoutCoordinator(source.config(), ports, settings, stormConfig),
                StreamSignals.of(stormConfig, source.name()).readiness(),
                new StreamMetrics(context, source.name()),
                System::nanoTime);
    }

    @Override
    public Emitter<Object> getEmitter(String stateId, Map<String, Object> stormConfig, TopologyContext context) {
        StreamConfig config = source.config();
        SpoutEmitter emitter = new SpoutEmitter(
                config,
                ports.log(config),
                settings,
                StreamSignals.of(stormConfig, config, ports),
                context.getThisTaskIndex(),
                context.getComponentTasks(context.getThisComponentId()).size());
        return new MeasuredEmitter(emitter, new StreamMetrics(context, source.name()));
    }

    @Override
    public Map<String, Object> getComponentConfiguration() {
        return new HashMap<>(); // Storm adds to it
    }

    @Override
    public Fields getOutputFields() {
        return new Fields(FIELD);
    }
}
