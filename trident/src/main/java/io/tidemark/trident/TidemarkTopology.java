package io.tidemark.trident;

import io.tidemark.stream.StreamConfig;
import java.util.List;
import org.apache.storm.Config;
import org.apache.storm.ILocalDRPC;
import org.apache.storm.generated.StormTopology;

/** Builds the one topology of Tidemark, the same for one machine and for a cluster. */
public final class TidemarkTopology {
    private TidemarkTopology() {}

    /**
     * The topology that counts these streams and answers the DRPC functions {@code counts} and {@code status}.
     *
     * @param drpc the DRPC server in the same JVM; null where the cluster's configuration names DRPC servers
     */
    public static StormTopology build(List<StreamConfig> streams, TopologySettings settings, ILocalDRPC drpc) {
        throw new UnsupportedOperationException("not yet");
    }

    /** What the topology has to be submitted with; more may be added, but nothing of it changed. */
    public static Config stormConfig(TopologySettings settings) {
        throw new UnsupportedOperationException("not yet");
    }
}
