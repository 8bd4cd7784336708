package io.tidemark.trident;

import io.tidemark.event.ChunkParser;
import io.tidemark.event.ParsedChunk;
import io.tidemark.plan.Chunk;
import io.tidemark.stream.StreamConfig;
import java.util.Map;
import org.apache.storm.topology.FailedException;
import org.apache.storm.trident.operation.BaseFunction;
import org.apache.storm.trident.operation.TridentCollector;
import org.apache.storm.trident.operation.TridentOperationContext;
import org.apache.storm.trident.tuple.TridentTuple;
import org.apache.storm.tuple.Values;

/** Chunk of bytes to parsed chunk: the fields that the stream's configuration reads, or why there are none. */
public final class ParseChunk extends BaseFunction {
    private static final long serialVersionUID = 1L;

    private final StreamSource source;
    private final Ports ports;
    private transient ChunkParser parser;
    private transient StreamSignals signals;

    /** @param ports to tell a fault through */
    public ParseChunk(StreamConfig config, Ports ports) {
        this.ports = ports;
        this.source = StreamSource.of(config);
    }

    @Override
    public void prepare(Map<String, Object> stormConfig, TridentOperationContext context) {
        StreamConfig config = source.config();
        signals = StreamSignals.of(stormConfig, config, ports);
        parser = new ChunkParser(config);
    }

    /** @throws FailedException when the batch could not be read */
    @Override
    public void execute(TridentTuple tuple, TridentCollector collector) {
        if (tuple.getValue(0) instanceof ReadFailure failure) {
            throw new FailedException(failure.reason());
        }
        collector.emit(new Values(parsed((Chunk) tuple.getValue(0))));
    }

    private ParsedChunk parsed(Chunk chunk) {
        try {
            return parser.parse(chunk);
        } catch (RuntimeException e) {
            throw signals.broken("stream " + source.name() + ": parsing " + chunk.covers(), e);
        }
    }
}
