package io.tidemark.trident;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Timer;
import java.util.Objects;
import org.apache.storm.task.IMetricsContext;

/**
 * The metrics of one stream in Storm's metrics v2, by the names that docs/metrics.md lists. Each task has its own; what
 * they count is what happened in this task since its worker started. Nothing that is counted for users depends on them.
 */
final class StreamMetrics {
    static final String PLAN = "plan";
    static final String READ = "read";
    static final String PARSE = "parse";
    static final String COUNT = "count";
    static final String COMMIT = "commit";
    static final String REPLAYS = "replays";
    static final String OUT_OF_STEP = "out-of-step";
    static final String ALREADY_APPLIED = "already-applied";
    static final String STORE_AWAY = "store-unavailable";
    static final String REFUSED = "refused";
    static final String COMMITS = "commits";
    static final String RECORDS = "records";
    static final String REJECTED = "rejected";
    static final String LATE = "late";
    static final String LAG = "lag";
    static final String CUT_AGE = "cut-age-ms";

    private final IMetricsContext context;
    private final String stream;

    StreamMetrics(IMetricsContext context, String stream) {
        this.context = Objects.requireNonNull(context, "context");
        this.stream = stream;
    }

    Timer timer(String name) {
        return context.registerTimer(nameOf(name));
    }

    Counter counter(String name) {
        return context.registerCounter(nameOf(name));
    }

    void gauge(String name, Gauge<Long> gauge) {
        context.registerGauge(nameOf(name), gauge);
    }

    /** {@code tidemark.wiki.commit}: a stream's name has no dot. */
    private String nameOf(String name) {
        return "tidemark." + stream + "." + name;
    }
}
