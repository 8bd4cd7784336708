package io.tidemark.app.child;

import io.tidemark.app.service.Backfills;
import io.tidemark.stream.InvalidConfigException;
import io.tidemark.stream.StreamConfig;
import io.tidemark.trident.TidemarkTopology;
import io.tidemark.trident.TopologySettings;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.storm.ILocalDRPC;
import org.apache.storm.thrift.TException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams whose configurations lie in the data folder, or come there while the cluster runs: each gets a topology of
 * its own, beside what is counted already, which goes on meanwhile. Used by one thread.
 */
final class MoreStreams {
    private static final Logger LOG = LoggerFactory.getLogger(MoreStreams.class);
    private static final long LOOK_MS = 500;

    private final LocalTopologies topologies;
    private final TopologySettings settings;
    private final ILocalDRPC drpc;
    private final Backfills backfills;
    private final Set<String> counted = new HashSet<>();

    /** @param counted names of the streams that are counted already */
    MoreStreams(
            LocalTopologies topologies,
            TopologySettings settings,
            ILocalDRPC drpc,
            Backfills backfills,
            List<String> counted) {
        this.topologies = topologies;
        this.settings = settings;
        this.drpc = drpc;
        this.backfills = backfills;
        this.counted.addAll(counted);
    }

    /** Looks for them until this thread is interrupted. */
    void watch() throws InterruptedException {
        String said = "";
        while (true) {
            try {
                look();
                said = "";
            } catch (InvalidConfigException | UncheckedIOException | TException e) {
                if (!said.equals(e.toString())) {
                    said = e.toString();
                    LOG.error("a stream to be counted beside the others is not; it is tried again", e);
                }
            }
            Thread.sleep(LOOK_MS);
        }
    }

    private void look() throws TException {
        for (StreamConfig stream : backfills.readBut(counted)) {
            LOG.info("counts stream {} too", stream.name());
            TopologySettings asked = settings.with(stream.deployment());
            topologies.submit(
                    "tidemark-" + stream.name(),
                    TidemarkTopology.stormConfig(asked),
                    TidemarkTopology.build(List.of(stream), asked, drpc));
            counted.add(stream.name());
        }
    }
}
