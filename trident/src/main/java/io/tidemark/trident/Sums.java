package io.tidemark.trident;

import io.tidemark.commit.RedisAddress;
import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.Script;
import io.tidemark.commit.ShardNames;
import io.tidemark.commit.StreamKeys;
import io.tidemark.stream.Dimension;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import io.tidemark.tally.CountKey;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.storm.trident.operation.CombinerAggregator;
import org.apache.storm.trident.operation.Function;
import org.apache.storm.trident.state.StateFactory;

/**
 * Exactly-once sums of your own in a Trident topology of your own: any number for any key, made from the records of one
 * Kafka topic. It gives the parts that such a topology is built of; docs/library.md shows one. Immutable; travels with
 * the topology.
 */
public final class Sums implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final Script READ = Script.load(Sums.class, "sums.lua");

    private final StreamSource source;
    private final TopologySettings settings;
    private final Ports ports;
    private final OfRecord ofRecord;

    /**
     * What a record adds. It must depend on nothing but the record, since a record that is replayed must add the same
     * again. One instance is used by one thread at a time in each task. What it throws fails the batch, which is tried
     * again for ever: reject what cannot be used instead.
     */
    @FunctionalInterface
    public interface OfRecord extends Serializable {
        /** @param value of the record, not to be changed; null when it has none */
        void add(byte[] value, Adding adding);
    }

    /** Where a record's additions go; only while it is being added. */
    public interface Adding {
        /**
         * Adds to the sum of a key; several times for one record if need be.
         *
         * @param key of at most 512 bytes of UTF-8; longer ones are added up under {@code (too long)}
         * @param amount may be negative
         * @throws ArithmeticException when what is added to a key at once is beyond a long's range
         */
        void add(String key, long amount);

        /** Counts the record as rejected; nothing that it adds counts. @param reason in a word or two, with hyphens */
        void reject(String reason);
    }

    /**
     * Sums and what they are the sums of, in one step.
     *
     * @param offsets the next offset of each partition: exactly the records from {@code start} to below them are in
     * @param start where each partition's adding began
     * @param sums by key
     */
    public record Cut(SortedMap<Integer, Long> start, SortedMap<Integer, Long> offsets, Map<String, Long> sums) {}

    private Sums(StreamSource source, TopologySettings settings, Ports ports, OfRecord ofRecord) {
        this.source = source;
        this.settings = settings;
        this.ports = ports;
        this.ofRecord = Objects.requireNonNull(ofRecord, "ofRecord");
    }

    /**
     * @param stream name of the sums in Redis, {@code [a-z][a-z0-9-]{0,31}}
     * @param topic in Kafka
     * @param definition what is added up, in any words, with a version: sums that were made with other words are refused,
     *     so change it whenever the same record would add something else
     * @throws io.tidemark.stream.InvalidConfigException when a name is none
     */
    public static Sums of(
            String stream, String topic, String definition, TopologySettings settings, OfRecord ofRecord) {
        String yaml =
                "stream: " + quoted(stream) + "\ntopic: " + quoted(topic) + "\nsums: " + quoted(definition) + "\n";
        return of(StreamConfigReader.read(yaml, Path.of("")), settings, ofRecord);
    }

    /**
     * The same with a configuration, which may say where to start and whether aborted records are read.
     *
     * @throws IllegalArgumentException when it has dimensions, and no {@code sums}
     */
    public static Sums of(StreamConfig config, TopologySettings settings, OfRecord ofRecord) {
        if (!config.isByProgram()) {
            throw new IllegalArgumentException("stream " + config.name() + " has dimensions; give it sums instead");
        }
        return new Sums(StreamSource.of(config), settings, Ports.of(settings), ofRecord);
    }

    /** The same over other ports. */
    Sums over(Ports others) {
        return new Sums(source, settings, others, ofRecord);
    }

    /** What is stored beside the sums. */
    public StreamConfig config() {
        return source.config();
    }

    /** Reads exactly what was planned; its id in the topology is {@link TidemarkSpout#id}, its one field a chunk. */
    public TidemarkSpout spout() {
        return new TidemarkSpout(config(), settings, ports);
    }

    /** From a chunk to two fields, where its sums belong and a tally of them: group by the first, and persist. */
    public Function tallies() {
        return new MeasuredFunction(source.name(), StreamMetrics.COUNT, new SumChunk(source, ofRecord));
    }

    /** Commits a batch's tally together with the marks. */
    public StateFactory state() {
        return new TallyState.Factory(config(), ports);
    }

    /** Merges tallies, before and after the network. */
    public CombinerAggregator<?> merging() {
        return new TallyCombiner();
    }

    /**
     * Reads sums and marks, in one step; those of several shards in one step each.
     *
     * @throws RefusedException {@code not-initialised} when there are none yet
     * @throws io.tidemark.commit.StoreUnavailableException when Redis does not answer
     */
    public static Cut read(RedisAddress address, String stream) {
        try (RedisConnection redis = new RedisConnection(address)) {
            Set<String> names = new ShardNames(redis).of(stream);
            int shards = -1;
            Cut sum = new Cut(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
            for (String name : names) {
                StreamKeys keys = new StreamKeys(name);
                List<?> reply = (List<?>) redis.eval(
                        READ,
                        List.of(
                                RedisConnection.bytes(keys.main()),
                                RedisConnection.bytes(keys.count(CountKey.total(Dimension.SUMS)))),
                        List.of());
                shards = add(sum, stream, (List<?>) reply.get(0), (List<?>) reply.get(1));
            }
            if (names.size() != shards) {
                throw notInitialised(stream);
            }
            return sum;
        }
    }

    /** @return how many shards there have to be */
    private static int add(Cut sum, String stream, List<?> head, List<?> sums) {
        if (head.isEmpty()) {
            throw notInitialised(stream);
        }
        int shards = 1;
        for (int i = 0; i < head.size(); i += 2) {
            String field = RedisConnection.text(head.get(i));
            String value = RedisConnection.text(head.get(i + 1));
            if (field.startsWith("start:")) {
                sum.start().put(Integer.valueOf(field.substring("start:".length())), Long.valueOf(value));
            } else if (field.startsWith("mark:")) {
                sum.offsets().put(Integer.valueOf(field.substring("mark:".length())), Long.valueOf(value));
            } else if (field.equals("configuration")) {
                shards = StreamConfigReader.stored(value).shards();
            }
        }
        for (int i = 0; i < sums.size(); i += 2) {
            long added = Long.parseLong(RedisConnection.text(sums.get(i + 1)));
            sum.sums().merge(RedisConnection.text(sums.get(i)), added, Math::addExact);
        }
        return shards;
    }

    private static RefusedException notInitialised(String stream) {
        return new RefusedException("not-initialised", "stream " + stream + " has added nothing up yet");
    }

    /** As YAML wants any text. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
