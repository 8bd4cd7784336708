package io.tidemark.app.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.app.child.LoopbackTransport;
import io.tidemark.app.cluster.ClusterInfo.SupervisorPorts;
import io.tidemark.app.service.DataFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.storm.Config;
import org.apache.storm.DaemonConfig;

/**
 * A folder as an installation of Storm has it on one host: {@code conf/storm.yaml}, {@code lib-worker}, {@code extlib},
 * {@code log4j2}. Each daemon has one of its own, as if it ran on a machine of its own; settings that only the daemon
 * itself may see lie in {@code conf-daemon}.
 */
record StormHome(Path path) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LOOPBACK = "127.0.0.1";

    /** Silence that passes for death, in seconds: short, but not so short that a busy machine looks dead. */
    private static final int DEAD_AFTER = 10;

    static StormHome of(DataFolder data, String daemon) {
        return new StormHome(ClusterInfo.folder(data).resolve(daemon));
    }

    Path conf() {
        return path.resolve("conf");
    }

    Path daemonConf() {
        return path.resolve("conf-daemon");
    }

    Path local() {
        return path.resolve("local");
    }

    Path workerLibraries() {
        return path.resolve("lib-worker");
    }

    Path extraLibraries() {
        return path.resolve("extlib");
    }

    /** Writes it anew. */
    void write(Map<String, Object> settings, Map<String, Object> daemonOnly) {
        DataFolder.empty(path);
        try {
            for (Path folder : List.of(conf(), daemonConf(), local(), extraLibraries(), path.resolve("log4j2"))) {
                Files.createDirectories(folder);
            }
            Map<String, Object> all = new TreeMap<>(settings);
            all.put(Config.STORM_LOCAL_DIR, local().toString());
            DataFolder.writeAtomically(conf().resolve("storm.yaml"), yaml(all));
            all.putAll(daemonOnly);
            DataFolder.writeAtomically(daemonConf().resolve("storm.yaml"), yaml(all));
            for (String name : List.of("worker.xml", "cluster.xml")) {
                try (InputStream in = StormHome.class.getResourceAsStream(name)) {
                    Files.copy(in, path.resolve("log4j2").resolve(name));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + path, e);
        }
        WorkerLibraries.linkInto(workerLibraries());
    }

    /** JSON is YAML; a line for each setting. */
    private static String yaml(Map<String, Object> settings) throws JsonProcessingException {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, Object> setting : settings.entrySet()) {
            text.append(JSON.writeValueAsString(setting.getKey()))
                    .append(": ")
                    .append(JSON.writeValueAsString(setting.getValue()))
                    .append('\n');
        }
        return text.toString();
    }

    /** What all hosts of the cluster are told. */
    static Map<String, Object> settings(ClusterInfo info, ClusterOptions options) {
        Map<String, Object> all = new TreeMap<>();
        all.put(Config.STORM_ZOOKEEPER_SERVERS, List.of(LOOPBACK));
        all.put(Config.STORM_ZOOKEEPER_PORT, info.zookeeper());
        all.put(Config.STORM_ZOOKEEPER_SESSION_TIMEOUT, DEAD_AFTER * 1000);
        all.put(Config.STORM_ZOOKEEPER_CONNECTION_TIMEOUT, DEAD_AFTER * 1000);
        all.put(Config.NIMBUS_SEEDS, List.of(LOOPBACK));
        all.put(Config.NIMBUS_THRIFT_PORT, info.nimbus());
        all.put(Config.STORM_LOCAL_HOSTNAME, LOOPBACK);
        all.put(Config.DRPC_SERVERS, List.of(LOOPBACK));
        all.put(Config.DRPC_PORT, info.drpc());
        all.put(Config.DRPC_INVOCATIONS_PORT, info.drpcInvocations());
        all.put(DaemonConfig.NIMBUS_MONITOR_FREQ_SECS, 2);
        all.put(DaemonConfig.NIMBUS_TASK_TIMEOUT_SECS, DEAD_AFTER);
        all.put(
                DaemonConfig.NIMBUS_TASK_LAUNCH_SECS,
                Math.toIntExact(options.toLaunch().toSeconds()));
        all.put(DaemonConfig.NIMBUS_SUPERVISOR_TIMEOUT_SECS, DEAD_AFTER);
        // A supervisor that was away several times is passed over by its host's name, which all of them share here.
        all.put(DaemonConfig.BLACKLIST_SCHEDULER_TOLERANCE_COUNT, 1_000_000);
        all.put(DaemonConfig.SUPERVISOR_MONITOR_FREQUENCY_SECS, 1);
        all.put(DaemonConfig.SUPERVISOR_HEARTBEAT_FREQUENCY_SECS, 1);
        all.put(Config.SUPERVISOR_WORKER_TIMEOUT_SECS, DEAD_AFTER);
        all.put(Config.SUPERVISOR_WORKER_SHUTDOWN_SLEEP_SECS, 1);
        all.put(Config.WORKER_HEARTBEAT_FREQUENCY_SECS, 1);
        all.put(Config.TASK_HEARTBEAT_FREQUENCY_SECS, 1);
        all.put(Config.TASK_REFRESH_POLL_SECS, 1);
        all.put(
                Config.WORKER_CHILDOPTS,
                "-Xmx" + options.workerHeapMb() + "m -XX:+UseSerialGC -XX:-UsePerfData -XX:+ExitOnOutOfMemoryError");
        all.put(Config.WORKER_GC_CHILDOPTS, "");
        all.put(
                Config.TOPOLOGY_WORKER_LOGWRITER_CHILDOPTS,
                "-Xmx32m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData");
        return all;
    }

    /** What one supervisor is told besides. */
    static Map<String, Object> settings(SupervisorPorts supervisor) {
        return Map.of(
                Config.SUPERVISOR_THRIFT_PORT,
                supervisor.thrift(),
                DaemonConfig.SUPERVISOR_SLOTS_PORTS,
                supervisor.slots());
    }

    /** What only the supervisor's own process is told, which would listen on all interfaces otherwise. */
    static Map<String, Object> supervisorOnly() {
        return Map.of(Config.SUPERVISOR_THRIFT_TRANSPORT_PLUGIN, LoopbackTransport.class.getName());
    }
}
