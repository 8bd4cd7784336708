package io.tidemark.trident;

import com.codahale.metrics.Timer;
import org.apache.storm.trident.operation.TridentCollector;
import org.apache.storm.trident.spout.ITridentSpout;
import org.apache.storm.trident.topology.TransactionAttempt;

/** An emitter whose reading is timed, once for each batch and task. */
final class MeasuredEmitter implements ITridentSpout.Emitter<Object> {
    private final ITridentSpout.Emitter<Object> emitter;
    private final Timer read;

    MeasuredEmitter(ITridentSpout.Emitter<Object> emitter, StreamMetrics metrics) {
        this.emitter = emitter;
        this.read = metrics.timer(StreamMetrics.READ);
    }

    @Override
    public void emitBatch(TransactionAttempt attempt, Object plan, TridentCollector collector) {
        Timer.Context timing = read.time();
        try {
            emitter.emitBatch(attempt, plan, collector);
        } finally {
            timing.stop();
        }
    }

    @Override
    public void success(TransactionAttempt attempt) {
        emitter.success(attempt);
    }

    @Override
    public void close() {
        emitter.close();
    }
}
