package io.tidemark.trident;

import io.tidemark.commit.Health;
import io.tidemark.commit.Store;
import io.tidemark.plan.EventLog;
import io.tidemark.stream.StreamConfig;

/** The real servers, asked under a name of its own: a worker is a process, and so all that live in one have one name. */
record NamedPorts(Ports ports, String name) implements Ports {
    private static final long serialVersionUID = 1L;

    @Override
    public Store store(StreamConfig config, String writer) {
        return new Named(ports.store(config, name), name);
    }

    @Override
    public EventLog log(StreamConfig config) {
        return ports.log(config);
    }

    @Override
    public EventLog watch(StreamConfig config) {
        return ports.watch(config);
    }

    private static final class Named extends ForwardingStore {
        private final String name;

        Named(Store store, String name) {
            super(store);
            this.name = name;
        }

        @Override
        public void report(Health health) {
            super.report(new Health(
                    name,
                    health.firstOffsets(),
                    health.endOffsets(),
                    health.open(),
                    health.brokerTimes(),
                    health.refusal()));
        }
    }
}
