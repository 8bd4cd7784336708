package io.tidemark.trident;

import com.codahale.metrics.Metric;
import com.codahale.metrics.MetricRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.storm.metrics2.reporters.StormReporter;

/** Lets a test see what Storm would report of the workers in this JVM; named in {@code topology.metrics.reporters}. */
public final class CapturingReporter implements StormReporter {
    private static final List<MetricRegistry> REGISTRIES = new CopyOnWriteArrayList<>();

    /** The metrics whose names end like this, of all tasks. */
    static List<Metric> metrics(String end) {
        return REGISTRIES.stream()
                .flatMap(registry -> registry.getMetrics().entrySet().stream())
                .filter(entry -> entry.getKey().endsWith(end))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** Names by which Storm reports ours, of all tasks. */
    static List<String> names() {
        return REGISTRIES.stream()
                .flatMap(registry -> registry.getNames().stream())
                .filter(name -> name.contains("-tidemark."))
                .toList();
    }

    @Override
    @Deprecated
    public void prepare(MetricRegistry registry, Map<String, Object> topology, Map<String, Object> reporter) {
        REGISTRIES.add(registry);
    }

    @Override
    public void start() {
        // It is asked.
    }

    @Override
    public void stop() {
        // The test may still ask.
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
