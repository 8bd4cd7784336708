package io.tidemark.bench;

import org.apache.storm.trident.operation.CombinerAggregator;
import org.apache.storm.trident.tuple.TridentTuple;

/** Storm's own Count throws as soon as it meets a value that it has read back from Redis. */
public final class LongCount implements CombinerAggregator<Number> {
    private static final long serialVersionUID = 1L;

    @Override
    public Number init(TridentTuple tuple) {
        return 1L;
    }

    @Override
    public Number combine(Number one, Number other) {
        return one.longValue() + other.longValue();
    }

    @Override
    public Number zero() {
        return 0L;
    }
}
