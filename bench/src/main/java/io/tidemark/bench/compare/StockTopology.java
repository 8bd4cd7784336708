package io.tidemark.bench.compare;

import io.tidemark.bench.LongCount;
import java.util.List;
import java.util.Map;
import org.apache.storm.generated.StormTopology;
import org.apache.storm.kafka.spout.FirstPollOffsetStrategy;
import org.apache.storm.kafka.spout.trident.KafkaTridentSpoutConfig;
import org.apache.storm.kafka.spout.trident.KafkaTridentSpoutTransactional;
import org.apache.storm.redis.common.config.JedisPoolConfig;
import org.apache.storm.redis.common.mapper.RedisDataTypeDescription;
import org.apache.storm.redis.trident.state.RedisMapState;
import org.apache.storm.task.IMetricsContext;
import org.apache.storm.topology.FailedException;
import org.apache.storm.trident.TridentTopology;
import org.apache.storm.trident.operation.BaseFunction;
import org.apache.storm.trident.operation.TridentCollector;
import org.apache.storm.trident.operation.builtin.Count;
import org.apache.storm.trident.state.State;
import org.apache.storm.trident.state.StateFactory;
import org.apache.storm.trident.state.ValueUpdater;
import org.apache.storm.trident.state.map.MapState;
import org.apache.storm.trident.state.snapshot.Snapshottable;
import org.apache.storm.trident.tuple.TridentTuple;
import org.apache.storm.tuple.Fields;
import org.apache.storm.tuple.Values;
import redis.clients.jedis.exceptions.JedisException;

/** What one builds from Storm's own parts, by its documentation, to count the events of each kind exactly once. */
final class StockTopology {
    /** The hash in Redis that holds the counts. */
    static final String COUNTS = "stock";

    private StockTopology() {}

    /**
     * @param variant {@code earliest}: the spout's first poll strategy is EARLIEST; {@code count}: Storm's own Count;
     *     {@code failed}: errors of Redis become FailedException; anything else: as it is
     */
    static StormTopology build(String bootstrap, String topic, int redisPort, String password, String variant) {
        KafkaTridentSpoutConfig<String, String> spout = KafkaTridentSpoutConfig.builder(bootstrap, topic)
                .setFirstPollOffsetStrategy(
                        variant.equals("earliest")
                                ? FirstPollOffsetStrategy.EARLIEST
                                : FirstPollOffsetStrategy.UNCOMMITTED_EARLIEST)
                .setProp(Map.of("group.id", "stock-" + topic, "isolation.level", "read_committed"))
                .setRecordTranslator(record -> new Values(record.value()), new Fields("event"))
                .build();
        JedisPoolConfig redis = new JedisPoolConfig.Builder()
                .setHost("127.0.0.1")
                .setPort(redisPort)
                .setPassword(password)
                .build();
        StateFactory counts = RedisMapState.transactional(
                redis, new RedisDataTypeDescription(RedisDataTypeDescription.RedisDataType.HASH, COUNTS));
        TridentTopology topology = new TridentTopology();
        topology.newStream("stock-" + topic, new KafkaTridentSpoutTransactional<>(spout))
                .each(new Fields("event"), new Kind(), new Fields("kind"))
                .groupBy(new Fields("kind"))
                .persistentAggregate(
                        variant.equals("failed") ? new Failing(counts) : counts,
                        new Fields("kind"),
                        variant.equals("count") ? new Count() : new LongCount(),
                        new Fields("count"));
        return topology.build();
    }

    /** The kind of an event; there are none without. */
    private static final class Kind extends BaseFunction {
        private static final long serialVersionUID = 1L;

        @Override
        public void execute(TridentTuple tuple, TridentCollector collector) {
            String event = tuple.getString(0);
            int from = event.indexOf(":\"") + 2;
            collector.emit(new Values(event.substring(from, event.indexOf('"', from))));
        }
    }

    /** Makes of each error of Redis a batch that has failed, as careful users do: the worker lives on. */
    private record Failing(StateFactory counts) implements StateFactory {
        private static final long serialVersionUID = 1L;

        @Override
        public State makeState(Map<String, Object> conf, IMetricsContext metrics, int partition, int partitions) {
            return new FailingState(counts.makeState(conf, metrics, partition, partitions));
        }
    }

    private record FailingState(State inner) implements MapState<Object>, Snapshottable<Object> {
        private interface Step<R> {
            R run();
        }

        private static <R> R failing(Step<R> step) {
            try {
                return step.run();
            } catch (JedisException e) {
                throw new FailedException(e);
            }
        }

        @SuppressWarnings("unchecked")
        private MapState<Object> map() {
            return (MapState<Object>) inner;
        }

        @SuppressWarnings("unchecked")
        private Snapshottable<Object> snapshot() {
            return (Snapshottable<Object>) inner;
        }

        @Override
        public List<Object> multiUpdate(
                List<List<Object>> keys, @SuppressWarnings("rawtypes") List<ValueUpdater> updaters) {
            return failing(() -> map().multiUpdate(keys, updaters));
        }

        @Override
        public void multiPut(List<List<Object>> keys, List<Object> values) {
            failing(() -> {
                map().multiPut(keys, values);
                return null;
            });
        }

        @Override
        public List<Object> multiGet(List<List<Object>> keys) {
            return failing(() -> map().multiGet(keys));
        }

        @Override
        public Object get() {
            return failing(() -> snapshot().get());
        }

        @Override
        public Object update(@SuppressWarnings("rawtypes") ValueUpdater updater) {
            return failing(() -> snapshot().update(updater));
        }

        @Override
        public void set(Object value) {
            failing(() -> {
                snapshot().set(value);
                return null;
            });
        }

        @Override
        public void beginCommit(Long transaction) {
            inner.beginCommit(transaction);
        }

        @Override
        public void commit(Long transaction) {
            inner.commit(transaction);
        }
    }
}
