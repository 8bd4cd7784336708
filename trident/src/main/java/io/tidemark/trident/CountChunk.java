package io.tidemark.trident;

import io.tidemark.event.ParsedChunk;
import io.tidemark.stream.Shard;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.ChunkCounter;
import io.tidemark.tally.Tally;
import java.util.Map;
import org.apache.storm.trident.operation.BaseFunction;
import org.apache.storm.trident.operation.TridentCollector;
import org.apache.storm.trident.operation.TridentOperationContext;
import org.apache.storm.trident.tuple.TridentTuple;
import org.apache.storm.tuple.Values;

/** Parsed chunk to the shard that its counts are kept in, and its tally. */
public final class CountChunk extends BaseFunction {
    private static final long serialVersionUID = 1L;

    private final StreamSource source;
    private final Ports ports;
    private transient StreamConfig config;
    private transient ChunkCounter counter;
    private transient StreamSignals signals;

    /** @param ports to tell a fault through */
    public CountChunk(StreamConfig config, Ports ports) {
        this.ports = ports;
        this.source = StreamSource.of(config);
    }

    @Override
    public void prepare(Map<String, Object> stormConfig, TridentOperationContext context) {
        config = source.config();
        signals = StreamSignals.of(stormConfig, config, ports);
        counter = new ChunkCounter(config);
    }

    @Override
    public void execute(TridentTuple tuple, TridentCollector collector) {
        ParsedChunk parsed = (ParsedChunk) tuple.getValue(0);
        Shard shard = Shard.of(config, parsed.covers().partition());
        collector.emit(new Values(shard.name(), tally(parsed)));
    }

    private Tally tally(ParsedChunk parsed) {
        try {
            return counter.count(parsed);
        } catch (RuntimeException e) {
            throw signals.broken("stream " + source.name() + ": counting " + parsed.covers(), e);
        }
    }
}
