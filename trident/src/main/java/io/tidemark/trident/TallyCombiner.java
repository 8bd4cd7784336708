package io.tidemark.trident;

import io.tidemark.tally.Tally;
import org.apache.storm.trident.operation.CombinerAggregator;
import org.apache.storm.trident.tuple.TridentTuple;

/** Merges tallies, before and after the network. */
public final class TallyCombiner implements CombinerAggregator<Tally> {
    private static final long serialVersionUID = 1L;

    @Override
    public Tally init(TridentTuple tuple) {
        return (Tally) tuple.getValue(0);
    }

    @Override
    public Tally combine(Tally one, Tally other) {
        return one.merge(other);
    }

    @Override
    public Tally zero() {
        return Tally.NOTHING;
    }
}
