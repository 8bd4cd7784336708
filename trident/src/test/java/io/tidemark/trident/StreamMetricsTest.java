package io.tidemark.trident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Histogram;
import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.MetricSet;
import com.codahale.metrics.Timer;
import io.tidemark.commit.CommitResult;
import io.tidemark.commit.Store;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.plan.Epochs;
import io.tidemark.plan.LogView;
import io.tidemark.plan.Lookout;
import io.tidemark.plan.Marks;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.plan.Readiness;
import io.tidemark.stream.RefusedException;
import io.tidemark.tally.Accounts;
import io.tidemark.tally.Tally;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.storm.metric.api.CombinedMetric;
import org.apache.storm.metric.api.ICombiner;
import org.apache.storm.metric.api.IMetric;
import org.apache.storm.metric.api.IReducer;
import org.apache.storm.metric.api.ReducedMetric;
import org.apache.storm.task.IMetricsContext;
import org.apache.storm.task.TopologyContext;
import org.apache.storm.trident.operation.BaseFunction;
import org.apache.storm.trident.operation.TridentCollector;
import org.apache.storm.trident.operation.TridentOperationContext;
import org.apache.storm.trident.spout.ITridentSpout;
import org.apache.storm.trident.tuple.TridentTuple;
import org.junit.jupiter.api.Test;

/** Each metric shows up under its name and counts what it says. */
class StreamMetricsTest {
    private final MetricRegistry registry = new MetricRegistry();
    private final StreamMetrics metrics = new StreamMetrics(new InRegistry(registry), "wiki");

    @Test
    void commitsAreCountedByWhatBecameOfThem() {
        List<Object> answers = new ArrayList<>(List.of(
                new CommitResult.Applied(1),
                new CommitResult.Applied(2),
                new CommitResult.AlreadyApplied(),
                new CommitResult.OutOfStep(new TreeMap<>()),
                new StoreUnavailableException("away", null),
                new RefusedException("frozen", "frozen")));
        Store store = (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    Object answer = answers.remove(0);
                    if (answer instanceof RuntimeException failure) {
                        throw failure;
                    }
                    return answer;
                });
        InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(10_000));
        MeasuredStore measured = new MeasuredStore(store, metrics, clock);
        assertThat(gauge("cut-age-ms")).isEqualTo(-1);

        measured.commit(tally(7_000, new Accounts(10, 7, 2, 1, 3)));
        assertThat(gauge("cut-age-ms")).isEqualTo(3_000);
        measured.commit(tally(4_000, new Accounts(5, 5, 0, 0, 1)));
        measured.commit(tally(9_000, new Accounts(5, 4, 1, 0, 1)));
        measured.commit(tally(9_000, new Accounts(5, 4, 1, 0, 1)));
        assertThatThrownBy(() -> measured.commit(tally(9_000, new Accounts(5, 4, 1, 0, 1))))
                .isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> measured.commit(tally(9_000, new Accounts(5, 4, 1, 0, 1))))
                .isInstanceOf(RefusedException.class);

        assertThat(gauge("cut-age-ms"))
                .as("only what was applied, and never older")
                .isEqualTo(3_000);
        assertThat(counts())
                .isEqualTo(Map.of(
                        "commits", 2L,
                        "already-applied", 1L,
                        "out-of-step", 1L,
                        "store-unavailable", 1L,
                        "refused", 1L,
                        "records", 15L,
                        "rejected", 2L,
                        "late", 4L));
        assertThat(timer("commit").getCount()).isEqualTo(6);
    }

    @Test
    void plansAreTimedReplaysCountedAndLagsShownForEachPartitionAsItAppears() {
        Readiness readiness = new Readiness();
        AtomicLong nanos = new AtomicLong();
        MeasuredCoordinator coordinator = new MeasuredCoordinator(new Planning(), readiness, metrics, nanos::get);
        coordinator.isReady(1);
        assertThat(registry.getGauges()).as("before anything was seen").isEmpty();

        readiness.saw(sight(Map.of(0, 40L, 1, 7L), Map.of(0, 100L, 1, 7L)));
        nanos.addAndGet(2_000_000_000L);
        coordinator.isReady(1);
        assertThat(gauge("lag")).isEqualTo(60);
        assertThat(gauge("lag.0")).isEqualTo(60);
        assertThat(gauge("lag.1")).isZero();

        readiness.saw(sight(Map.of(0, 100L, 1, 7L), Map.of(0, 100L, 1, 9L, 2, 5L)));
        nanos.addAndGet(2_000_000_000L);
        coordinator.isReady(1);
        assertThat(gauge("lag")).isEqualTo(7);
        assertThat(gauge("lag.0")).isZero();
        assertThat(gauge("lag.2")).as("a partition without a mark stands at 0").isEqualTo(5);

        coordinator.initializeTransaction(1, null, null);
        coordinator.initializeTransaction(1, null, "a plan");
        assertThat(timer("plan").getCount()).isEqualTo(2);
        assertThat(counts()).isEqualTo(Map.of("replays", 1L));
    }

    @Test
    void aFunctionsTimeIsItsOwn() {
        MeasuredFunction slow = new MeasuredFunction("wiki", StreamMetrics.COUNT, new Passing(30));
        MeasuredFunction quick = new MeasuredFunction("wiki", StreamMetrics.PARSE, new Passing(0));
        TridentOperationContext context = new TridentOperationContext((TopologyContext) null, null) {
            @Override
            public Timer registerTimer(String name) {
                return registry.timer(name);
            }
        };
        slow.prepare(Map.of(), context);
        quick.prepare(Map.of(), context);
        Into end = new Into(values -> {});
        quick.execute(null, new Into(values -> slow.execute(null, end)));
        assertThat(timer("count").getCount()).isEqualTo(1);
        assertThat(timer("count").getSnapshot().getMin()).isGreaterThanOrEqualTo(30_000_000);
        assertThat(timer("parse").getCount()).isEqualTo(1);
        assertThat(timer("parse").getSnapshot().getMax()).isLessThan(30_000_000);
    }

    @Test
    void thePageListsExactlyTheMetricsThereAre() throws Exception {
        String page = Files.readString(Path.of("").toAbsolutePath().getParent().resolve("docs/metrics.md"));
        List<String> listed = page.lines()
                .filter(line -> line.startsWith("| `tidemark.STREAM."))
                .map(line -> line.substring("| `tidemark.STREAM.".length()).replaceFirst("`.*", ""))
                .toList();
        List<String> names = new ArrayList<>();
        for (var field : StreamMetrics.class.getDeclaredFields()) {
            if (field.getType() == String.class && java.lang.reflect.Modifier.isStatic(field.getModifiers())) {
                names.add((String) field.get(null));
            }
        }
        names.add("lag.PARTITION");
        assertThat(listed).containsExactlyInAnyOrderElementsOf(names);
    }

    private Timer timer(String name) {
        return registry.getTimers().get("tidemark.wiki." + name);
    }

    private long gauge(String name) {
        return (Long) registry.getGauges().get("tidemark.wiki." + name).getValue();
    }

    private Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        registry.getCounters()
                .forEach((name, counter) -> counts.put(name.replace("tidemark.wiki.", ""), counter.getCount()));
        return counts;
    }

    private static Lookout.Sight sight(Map<Integer, Long> marks, Map<Integer, Long> ends) {
        Marks at = new Marks("store", "topic", "print", new TreeMap<>(), new TreeMap<>(marks), new TreeMap<>(), "", 1);
        return new Lookout.Sight(
                Optional.of(at), new LogView("topic", false, new TreeMap<>(), new TreeMap<>(ends)), null, null);
    }

    private static Tally tally(long asOf, Accounts accounts) {
        Plan plan = new Plan(
                "wiki",
                "topic",
                "print",
                "store",
                new TreeMap<>(),
                new TreeMap<>(Map.of(0, new Range(0, 0, 10))),
                new TreeMap<>());
        return Tally.of(new Tally.Part(
                plan, new Range(0, 0, 10), Epochs.UNKNOWN, asOf, accounts, Map.of(), List.of(), Map.of()));
    }

    private static final class Planning implements ITridentSpout.BatchCoordinator<Object> {
        @Override
        public Object initializeTransaction(long transaction, Object before, Object attempted) {
            return "a plan";
        }

        @Override
        public void success(long transaction) {
            // Nothing is kept.
        }

        @Override
        public boolean isReady(long transaction) {
            return true;
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    /** Takes its time and passes one tuple on. */
    private static final class Passing extends BaseFunction {
        private static final long serialVersionUID = 1L;
        private final int millis;

        Passing(int millis) {
            this.millis = millis;
        }

        @Override
        public void execute(TridentTuple tuple, TridentCollector collector) {
            long until = System.nanoTime() + millis * 1_000_000L;
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            collector.emit(List.of());
        }
    }

    private record Into(java.util.function.Consumer<List<Object>> taker) implements TridentCollector {
        @Override
        public void emit(List<Object> values) {
            taker.accept(values);
        }

        @Override
        public void flush() {
            // Nothing is held back.
        }

        @Override
        public void reportError(Throwable error) {
            throw new AssertionError(error);
        }
    }

    /** A task's context, as far as metrics go. */
    private record InRegistry(MetricRegistry registry) implements IMetricsContext {
        @Override
        public Timer registerTimer(String name) {
            return registry.timer(name);
        }

        @Override
        public Histogram registerHistogram(String name) {
            return registry.histogram(name);
        }

        @Override
        public Meter registerMeter(String name) {
            return registry.meter(name);
        }

        @Override
        public Counter registerCounter(String name) {
            return registry.counter(name);
        }

        @Override
        public <T> Gauge<T> registerGauge(String name, Gauge<T> gauge) {
            return registry.register(name, gauge);
        }

        @Override
        public void registerMetricSet(String prefix, MetricSet set) {
            throw new UnsupportedOperationException("no sets here");
        }

        @Override
        @Deprecated
        public <T extends IMetric> T registerMetric(String name, T metric, int seconds) {
            throw new UnsupportedOperationException("the first version of Storm's metrics");
        }

        @Override
        @Deprecated
        @SuppressWarnings("rawtypes") // as Storm declares it
        public ReducedMetric registerMetric(String name, IReducer reducer, int seconds) {
            throw new UnsupportedOperationException("the first version of Storm's metrics");
        }

        @Override
        @Deprecated
        @SuppressWarnings("rawtypes") // as Storm declares it
        public CombinedMetric registerMetric(String name, ICombiner combiner, int seconds) {
            throw new UnsupportedOperationException("the first version of Storm's metrics");
        }
    }
}
