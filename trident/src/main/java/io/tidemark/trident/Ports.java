package io.tidemark.trident;

import io.tidemark.commit.Store;
import io.tidemark.plan.EventLog;
import io.tidemark.stream.StreamConfig;
import java.io.Serializable;
import java.util.HashMap;

/** Opens what a task needs of the world outside, in the worker that it runs in. Whoever opens closes. */
public interface Ports extends Serializable {
    /** Where the counts of a stream are kept. @param writer name of who writes */
    Store store(StreamConfig config, String writer);

    /** The stream's topic, for planning or for reading. */
    EventLog log(StreamConfig config);

    /** The stream's topic, for waiting. */
    EventLog watch(StreamConfig config);

    /** Where lag monitors find how far the stream is counted. */
    default CommittedOffsets offsets(StreamConfig config) {
        return CommittedOffsets.NOWHERE;
    }

    /** Kafka and Redis as the settings name them. */
    static Ports of(TopologySettings settings) {
        return new Servers(settings);
    }

    /** The real ones. */
    record Servers(TopologySettings settings) implements Ports {
        private static final long serialVersionUID = 1L;

        @Override
        public Store store(StreamConfig config, String writer) {
            return io.tidemark.commit.RedisStore.open(settings.redis(), config, writer);
        }

        @Override
        public EventLog log(StreamConfig config) {
            return new KafkaLog(config, settings.kafka());
        }

        @Override
        public EventLog watch(StreamConfig config) {
            return KafkaLog.watching(config, settings.kafka());
        }

        @Override
        public CommittedOffsets offsets(StreamConfig config) {
            return settings.groupOf(config.name())
                    .<CommittedOffsets>map(group ->
                            new KafkaGroup(config.topic(), group, new HashMap<>(settings.kafka()), System::nanoTime))
                    .orElse(CommittedOffsets.NOWHERE);
        }
    }
}
