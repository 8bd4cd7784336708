package io.tidemark.bench;

import io.tidemark.commit.RedisAddress;
import java.net.URI;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.storm.Config;
import org.apache.storm.ILocalDRPC;
import org.apache.storm.generated.StormTopology;
import org.apache.storm.kafka.spout.FirstPollOffsetStrategy;
import org.apache.storm.kafka.spout.trident.KafkaTridentSpoutConfig;
import org.apache.storm.kafka.spout.trident.KafkaTridentSpoutTransactional;
import org.apache.storm.redis.common.config.JedisPoolConfig;
import org.apache.storm.redis.common.mapper.RedisDataTypeDescription;
import org.apache.storm.redis.common.mapper.RedisDataTypeDescription.RedisDataType;
import org.apache.storm.redis.trident.state.RedisMapState;
import org.apache.storm.trident.TridentTopology;
import org.apache.storm.trident.operation.BaseFunction;
import org.apache.storm.trident.operation.TridentCollector;
import org.apache.storm.trident.tuple.TridentTuple;
import org.apache.storm.tuple.Fields;
import org.apache.storm.tuple.Values;
import redis.clients.jedis.RedisClient;

/**
 * What Storm's own parts make of the same task: the transactional Kafka spout, a function that parses, a group for each
 * category, and the transactional map in Redis, with the settings that were fastest here. It counts right as long as
 * nothing fails.
 */
record Stock(String broker, String topic, RedisAddress redis) implements Counting {
    private static final String HASH = "stock";

    @Override
    public Config config() {
        Config config = new Config();
        config.setNumAckers(1);
        config.setMaxSpoutPending(2);
        config.put(Config.TOPOLOGY_TRIDENT_BATCH_EMIT_INTERVAL_MILLIS, 5);
        config.put(Config.TOPOLOGY_EXECUTOR_RECEIVE_BUFFER_SIZE, 32_768);
        return config;
    }

    @Override
    public StormTopology topology(ILocalDRPC drpc) {
        KafkaTridentSpoutConfig<byte[], byte[]> spout = new KafkaTridentSpoutConfig.Builder<byte[], byte[]>(
                        broker, topic)
                .setProp(Map.of(
                        "key.deserializer",
                        ByteArrayDeserializer.class.getName(),
                        "value.deserializer",
                        ByteArrayDeserializer.class.getName(),
                        "max.poll.records",
                        20_000,
                        "max.partition.fetch.bytes",
                        8_388_608))
                .setPollTimeoutMs(20)
                .setFirstPollOffsetStrategy(FirstPollOffsetStrategy.UNCOMMITTED_EARLIEST)
                .setRecordTranslator(record -> new Values((Object) record.value()), new Fields("value"))
                .build();
        URI uri = URI.create(redis.uri());
        JedisPoolConfig pool = new JedisPoolConfig.Builder()
                .setHost(uri.getHost())
                .setPort(uri.getPort())
                .setPassword(redis.password())
                .setTimeout(10_000)
                .build();
        RedisDataTypeDescription hash = new RedisDataTypeDescription(RedisDataType.HASH, HASH);
        TridentTopology topology = new TridentTopology();
        // A name of its own each time: what an ended topology left in ZooKeeper, half written, would end this one too.
        topology.newStream("stock-" + System.nanoTime(), new KafkaTridentSpoutTransactional<>(spout))
                .each(new Fields("value"), new Parse(), new Fields("category"))
                .groupBy(new Fields("category"))
                .persistentAggregate(RedisMapState.transactional(pool, hash), new LongCount(), new Fields("count"));
        return topology.build();
    }

    @Override
    public long counted(RedisClient redis) {
        long counted = 0;
        for (Map.Entry<String, String> each : redis.hgetAll(HASH).entrySet()) {
            // Not by action: texts that are no Unicode become one key there, of which the last one written stays.
            if (each.getKey().startsWith("actor:") || each.getKey().equals("action:(rejected)")) {
                String value = each.getValue();
                counted += Long.parseLong(value.substring(value.indexOf(',') + 1, value.length() - 1));
            }
        }
        return counted;
    }

    /** A record to its four categories, by the same parsing as the raw loop's. */
    static final class Parse extends BaseFunction {
        private static final long serialVersionUID = 1L;

        private transient FourFields fields;

        @Override
        public void execute(TridentTuple tuple, TridentCollector collector) {
            if (fields == null) {
                fields = new FourFields();
            }
            fields.parse(tuple.getBinary(0), category -> collector.emit(new Values(category)));
        }
    }
}
