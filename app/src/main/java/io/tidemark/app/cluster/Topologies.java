package io.tidemark.app.cluster;

import io.tidemark.app.CommandFailedException;
import io.tidemark.app.ExitCodes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.storm.Config;
import org.apache.storm.generated.ClusterSummary;
import org.apache.storm.generated.KillOptions;
import org.apache.storm.generated.Nimbus;
import org.apache.storm.generated.RebalanceOptions;
import org.apache.storm.generated.TopologySummary;
import org.apache.storm.thrift.TException;
import org.apache.storm.utils.NimbusClient;
import org.apache.storm.utils.Utils;

/** What Nimbus knows and does, as Storm's own commands ask it. Opens a connection for each question. Thread-safe. */
public final class Topologies {
    private static final int TIMEOUT_MS = 10_000;

    private final int nimbusPort;

    /** @param nimbusPort on the loopback address */
    public Topologies(int nimbusPort) {
        this.nimbusPort = nimbusPort;
    }

    private interface Question<T> {
        T ask(Nimbus.Iface nimbus) throws TException;
    }

    /** Empty while Nimbus is away or leads nothing yet. */
    public Optional<ClusterSummary> cluster() {
        try {
            return Optional.of(ask(Nimbus.Iface::getClusterInfo));
        } catch (CommandFailedException e) {
            return Optional.empty();
        }
    }

    /** Those that run or are being killed; empty while Nimbus is away. */
    public List<TopologySummary> all() {
        return cluster().map(ClusterSummary::get_topologies).orElse(List.of());
    }

    /** As {@code storm kill NAME -w SECONDS}. */
    public void kill(String name, Duration wait) {
        KillOptions options = new KillOptions();
        options.set_wait_secs(Math.toIntExact(wait.toSeconds()));
        ask(nimbus -> {
            nimbus.killTopologyWithOpts(name, options);
            return null;
        });
    }

    /** As {@code storm rebalance NAME -w 0 -n WORKERS -e COMPONENT=EXECUTORS}. */
    public void rebalance(String name, int workers, Map<String, Integer> executors) {
        RebalanceOptions options = new RebalanceOptions();
        options.set_wait_secs(0);
        options.set_num_workers(workers);
        options.set_num_executors(executors);
        ask(nimbus -> {
            nimbus.rebalance(name, options);
            return null;
        });
    }

    private <T> T ask(Question<T> question) {
        Map<String, Object> conf = Utils.readDefaultConfig();
        conf.put(Config.STORM_NIMBUS_RETRY_TIMES, 0);
        conf.put(Config.STORM_NIMBUS_RETRY_INTERVAL, 1);
        conf.put(Config.STORM_NIMBUS_RETRY_INTERVAL_CEILING, 1);
        try (NimbusClient client = NimbusClient.Builder.withConf(conf)
                .withTimeout(TIMEOUT_MS)
                .buildWithNimbusHostPort("127.0.0.1", nimbusPort)) {
            return question.ask(client.getClient());
        } catch (TException e) {
            throw failed(e);
        } catch (RuntimeException e) {
            // Storm wraps what its connecting threw.
            throw failed(e);
        }
    }

    private CommandFailedException failed(Exception e) {
        return new CommandFailedException(
                ExitCodes.UNREACHABLE, "Nimbus at 127.0.0.1:" + nimbusPort + " does not do it: " + e, e);
    }
}
