package io.tidemark.app.child;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.storm.Config;
import org.apache.storm.daemon.nimbus.Nimbus;
import org.apache.storm.daemon.supervisor.Supervisor;
import org.apache.storm.metric.StormMetricsRegistry;
import org.apache.storm.security.auth.ThriftConnectionType;
import org.apache.storm.security.auth.ThriftServer;
import org.apache.storm.utils.ConfigUtils;
import org.apache.storm.utils.Utils;

/**
 * One of Storm's own daemons, with its {@code storm.yaml} on the class path. First
 * argument: {@code nimbus}, or {@code supervisor} and its {@code storm.local.dir}. A supervisor that ends in order, or
 * because the service is gone, takes its workers with it; one that is killed leaves them.
 */
public final class DaemonMain {
    private DaemonMain() {}

    /** @throws Exception what Storm's daemons throw when they do not start */
    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "nimbus" -> {
                ParentWatch.begin(() -> {});
                nimbus();
            }
            case "supervisor" -> {
                Path folder = Path.of(args[1]);
                ParentWatch.begin(() -> Workers.end(folder), () -> Workers.end(folder));
                Supervisor.main(new String[0]);
            }
            default -> throw new IllegalArgumentException("no daemon: " + args[0]);
        }
    }

    /** Nimbus stores all of its settings with each topology: so that it listens on loopback only is not among them. */
    private static void nimbus() throws Exception {
        Utils.setupDefaultUncaughtExceptionHandler();
        Map<String, Object> settings = ConfigUtils.readStormConfig();
        @SuppressWarnings("resource") // lives as long as this process
        Nimbus nimbus = new Nimbus(settings, new Nimbus.StandaloneINimbus(), new StormMetricsRegistry());
        nimbus.launchServer();
        Map<String, Object> own = new HashMap<>(settings);
        own.put(Config.NIMBUS_THRIFT_TRANSPORT_PLUGIN, LoopbackTransport.class.getName());
        new ThriftServer(own, new org.apache.storm.generated.Nimbus.Processor<>(nimbus), ThriftConnectionType.NIMBUS)
                .serve();
    }
}
