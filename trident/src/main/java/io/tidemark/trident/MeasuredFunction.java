package io.tidemark.trident;

import com.codahale.metrics.Timer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.storm.trident.operation.Function;
import org.apache.storm.trident.operation.TridentCollector;
import org.apache.storm.trident.operation.TridentOperationContext;
import org.apache.storm.trident.tuple.TridentTuple;

/**
 * A function whose work is timed, once for each chunk. Functions that follow run inside it, since Trident calls them from
 * the collector: their time is taken off.
 */
final class MeasuredFunction implements Function {
    private static final long serialVersionUID = 1L;

    private final String stream;
    private final String phase;
    private final Function function;
    private transient Timer timer;

    /** @param phase name of the metric */
    MeasuredFunction(String stream, String phase, Function function) {
        this.stream = stream;
        this.phase = phase;
        this.function = function;
    }

    @Override
    public void prepare(Map<String, Object> stormConfig, TridentOperationContext context) {
        timer = new StreamMetrics(context, stream).timer(phase);
        function.prepare(stormConfig, context);
    }

    @Override
    public void execute(TridentTuple tuple, TridentCollector collector) {
        Stopwatch without = new Stopwatch(collector);
        long begun = System.nanoTime();
        function.execute(tuple, without);
        timer.update(System.nanoTime() - begun - without.nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void cleanup() {
        function.cleanup();
    }

    /** Measures what goes on behind it. */
    private static final class Stopwatch implements TridentCollector {
        private final TridentCollector collector;
        private long nanos;

        Stopwatch(TridentCollector collector) {
            this.collector = collector;
        }

        @Override
        public void emit(List<Object> values) {
            long begun = System.nanoTime();
            collector.emit(values);
            nanos += System.nanoTime() - begun;
        }

        @Override
        public void flush() {
            collector.flush();
        }

        @Override
        public void reportError(Throwable error) {
            collector.reportError(error);
        }
    }
}
