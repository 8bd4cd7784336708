package io.tidemark.gateway;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tidemark.gateway.live.ReaderFigures;
import java.time.Duration;
import java.util.Set;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * What the gateway tells Prometheus of itself. Labels come from fixed sets, so that no caller can make them many.
 * Thread-safe.
 */
final class Figures implements AutoCloseable {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final Set<String> PATHS = Set.of(
            "/",
            "/live",
            "/api/counts",
            "/api/trend",
            "/api/top",
            "/api/status",
            "/api/ask",
            "/api/streams",
            "/openapi.json",
            "/health",
            "/metrics");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    Figures() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    PrometheusMeterRegistry registry() {
        return registry;
    }

    void watch(ReaderFigures readers) {
        Gauge.builder("tidemark.readers", readers, ReaderFigures::live)
                .tag("path", "/live")
                .description("WebSockets that are open")
                .register(registry);
        Gauge.builder("tidemark.readers", readers, ReaderFigures::labels)
                .tag("path", "/")
                .description("WebSockets that are open")
                .register(registry);
        FunctionCounter.builder("tidemark.readers.cut.off", readers, ReaderFigures::cutOffs)
                .description("WebSockets that were cut off because they did not read")
                .register(registry);
        FunctionCounter.builder("tidemark.readers.missed.cuts", readers, ReaderFigures::missedStates)
                .description("Cuts that slow readers were not told of one by one")
                .register(registry);
    }

    /** The same callback, and the time until it is called. */
    Callback timed(String path, Response response, Callback callback) {
        long began = System.nanoTime();
        return Callback.from(
                callback,
                () -> Timer.builder("tidemark.http.requests")
                        .description("Requests and how long they took")
                        .publishPercentiles(0.5, 0.99)
                        .tag("path", PATHS.contains(path) ? path : "other")
                        .tag("status", Integer.toString(response.getStatus()))
                        .register(registry)
                        .record(Duration.ofNanos(System.nanoTime() - began)));
    }

    String text() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
