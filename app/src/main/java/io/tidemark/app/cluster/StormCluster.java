package io.tidemark.app.cluster;

import io.tidemark.app.CommandFailedException;
import io.tidemark.app.ExitCodes;
import io.tidemark.app.child.DaemonMain;
import io.tidemark.app.child.DrpcMain;
import io.tidemark.app.child.KafkaMain;
import io.tidemark.app.child.Workers;
import io.tidemark.app.child.ZooKeeperMain;
import io.tidemark.app.cluster.ClusterInfo.SupervisorPorts;
import io.tidemark.app.service.ChildCommands;
import io.tidemark.app.service.DataFolder;
import io.tidemark.app.service.KafkaFiles;
import io.tidemark.app.service.Ports;
import io.tidemark.app.service.ProcessNotes;
import io.tidemark.app.service.RedisFiles;
import io.tidemark.app.service.RetentionBudget;
import io.tidemark.app.service.ServiceInfo;
import io.tidemark.app.service.ServiceInfo.StreamInfo;
import io.tidemark.app.service.ServiceOptions;
import io.tidemark.app.service.Topics;
import io.tidemark.commit.RedisAddress;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cluster of processes on the loopback address, with everything they keep in one data folder, the same that {@code
 * tidemark run} uses: events and counts go on, Storm's own state is made anew at each start. A daemon that dies is
 * started again; workers are started by Storm's supervisors. Nothing outlives {@link #close}; what outlives this
 * process, however it ends, is ended by the daemons' own watch or at the next start on the folder. Thread-safe.
 */
public final class StormCluster implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StormCluster.class);
    private static final int SUPERVISORS = 2;
    private static final int SLOTS = 3;

    private final DataFolder folder;
    private final ClusterOptions options;
    private final FileLock lock;
    private final ProcessNotes notes;
    private final Daemons daemons;
    private ClusterInfo cluster;
    private ServiceInfo info;
    private Topologies topologies;
    private boolean closed;

    private StormCluster(DataFolder folder, ClusterOptions options, FileLock lock) {
        this.folder = folder;
        this.options = options;
        this.lock = lock;
        this.notes = new ProcessNotes(folder.processNotes());
        this.daemons = new Daemons(folder, notes);
    }

    /**
     * Takes the folder, ends what an earlier cluster or service left over, and starts all daemons; does not wait for
     * them.
     *
     * @param streams whose topics are made when they are missing
     * @param say is told in one line each what a user should know
     * @throws CommandFailedException when the folder or a port that was given is taken: nothing was started then
     */
    public static StormCluster start(
            DataFolder folder, ClusterOptions options, List<StreamInfo> streams, Consumer<String> say) {
        folder.create();
        StormCluster started = new StormCluster(folder, options, folder.lock());
        boolean well = false;
        try {
            started.begin(streams, say);
            well = true;
            return started;
        } finally {
            if (!well) {
                started.close();
            }
        }
    }

    /**
     * Ends what a cluster that was killed has left over.
     *
     * @return names of what was ended
     * @throws CommandFailedException when a cluster runs on the folder
     */
    public static List<String> endLeftOvers(DataFolder folder) {
        try (FileChannel held = folder.lock().channel()) {
            List<String> ended = endLeftOvers(folder, new ProcessNotes(folder.processNotes()));
            ServiceInfo.remove(folder);
            DataFolder.remove(ClusterInfo.folder(folder));
            LOG.info("{}: ended {}, given back {}", folder.path(), ended, held);
            return ended;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot give back " + folder.path(), e);
        }
    }

    private static List<String> endLeftOvers(DataFolder folder, ProcessNotes notes) {
        List<String> ended = new ArrayList<>(notes.endLeftOvers());
        for (Path local : supervisorFolders(folder)) {
            if (!Workers.processes(local).isEmpty()) {
                ended.add("workers of " + local.getParent().getFileName());
                Workers.end(local);
            }
        }
        return ended;
    }

    private static List<Path> supervisorFolders(DataFolder folder) {
        List<Path> folders = new ArrayList<>();
        for (int i = 1; i <= SUPERVISORS; i++) {
            folders.add(StormHome.of(folder, "supervisor-" + i).local());
        }
        return folders;
    }

    private synchronized void begin(List<StreamInfo> streams, Consumer<String> say) {
        List<String> leftOver = endLeftOvers(folder, notes);
        if (!leftOver.isEmpty()) {
            say.accept("Ended what an earlier start had left over: " + String.join(", ", leftOver) + ".");
        }
        Ports ports = new Ports(say);
        int kafka = ports.choose("--kafka-port", options.kafkaPort(), ServiceOptions.KAFKA_PORT);
        int redis = ports.choose("--redis-port", options.redisPort(), ServiceOptions.REDIS_PORT);
        int drpc = ports.choose("--drpc-port", options.drpcPort(), ServiceOptions.DRPC_PORT);
        cluster = ClusterInfo.choose(ports, drpc, SUPERVISORS, SLOTS);
        topologies = new Topologies(cluster.nimbus());
        KafkaFiles kafkaFiles = new KafkaFiles(folder);
        kafkaFiles.prepare(
                kafka, ports.choose("kafka", 0, 0), new RetentionBudget(options.retentionBytes(), Topics.PARTITIONS));
        RedisFiles redisFiles = new RedisFiles(folder);
        redisFiles.prepare(redis);
        RedisAddress address = redisFiles.address(redis);
        DataFolder.empty(ClusterInfo.folder(folder));
        writeHomes();
        info = new ServiceInfo(
                ProcessHandle.current().pid(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                "127.0.0.1:" + kafka,
                address.uri(),
                address.passwordFile(),
                "127.0.0.1:" + drpc,
                null,
                streams);
        info.write(folder);
        cluster.write(folder);
        daemons.add("redis", RedisFiles.READY_SIGN, redisFiles::command);
        daemons.add("kafka", null, () -> kafkaCommand(kafkaFiles));
        daemons.add("zookeeper", null, this::zookeeperCommand);
        daemons.add("drpc", null, this::drpcCommand);
        daemons.add("nimbus", null, () -> stormCommand("nimbus", "nimbus"));
        for (SupervisorPorts each : cluster.supervisors()) {
            daemons.add(each.name(), null, () -> stormCommand(each.name(), "supervisor"));
        }
        daemons.names().forEach(daemons::start);
    }

    private void writeHomes() {
        Map<String, Object> settings = StormHome.settings(cluster, options);
        StormHome.of(folder, "client").write(settings, Map.of());
        StormHome.of(folder, "nimbus").write(settings, Map.of());
        for (SupervisorPorts each : cluster.supervisors()) {
            Map<String, Object> own = new LinkedHashMap<>(settings);
            own.putAll(StormHome.settings(each));
            StormHome.of(folder, each.name()).write(own, StormHome.supervisorOnly());
        }
    }

    private ProcessBuilder kafkaCommand(KafkaFiles files) {
        return ChildCommands.java(
                folder,
                "kafka",
                small("-Xms64m", "-Xmx256m"),
                KafkaMain.class.getName(),
                files.configuration().toString());
    }

    private ProcessBuilder zookeeperCommand() {
        return ChildCommands.java(
                folder,
                "zookeeper",
                small("-Xmx64m"),
                ZooKeeperMain.class.getName(),
                Integer.toString(cluster.zookeeper()),
                zookeeperFolder().toString());
    }

    private ProcessBuilder drpcCommand() {
        return ChildCommands.java(
                folder,
                "drpc",
                small("-Xmx64m"),
                DrpcMain.class.getName(),
                Integer.toString(cluster.drpc()),
                Integer.toString(cluster.drpcInvocations()),
                folder.path().toString());
    }

    private ProcessBuilder stormCommand(String name, String daemon) {
        StormHome home = StormHome.of(folder, name);
        ProcessBuilder builder = ChildCommands.java(
                folder,
                name,
                small(
                        "-Xmx192m",
                        "-Dstorm.home=" + home.path(),
                        "-Dstorm.log.dir=" + folder.logs().resolve(name)),
                DaemonMain.class.getName(),
                daemon,
                home.local().toString());
        builder.environment()
                .merge(
                        "CLASSPATH",
                        home.daemonConf().toString(),
                        (libraries, conf) -> conf + File.pathSeparator + libraries);
        // Workers are started with the same Java.
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }

    private static List<String> small(String... more) {
        List<String> options = new ArrayList<>(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        options.addAll(List.of(more));
        return options;
    }

    private Path zookeeperFolder() {
        return ClusterInfo.folder(folder).resolve("zookeeper");
    }

    /** Removes all that ZooKeeper, Nimbus and the supervisors have kept; to be called while they are stopped. */
    public synchronized void wipe() {
        DataFolder.remove(zookeeperFolder());
        supervisorFolders(folder).forEach(Workers::end);
        writeHomes();
    }

    /** Removes all that ZooKeeper has kept, and nothing else; to be called while it is stopped. */
    public synchronized void wipeZooKeeper() {
        DataFolder.remove(zookeeperFolder());
    }

    /**
     * The topology's jar that this checkout has built.
     *
     * @throws CommandFailedException when there is none
     */
    public static Path builtJar() {
        return StormJar.built();
    }

    /** Names of the daemons, in the order in which they are started. */
    public List<String> daemons() {
        return daemons.names();
    }

    /** The process of a daemon; empty when it was never started. It changes when the daemon dies. */
    public Optional<ProcessHandle> process(String daemon) {
        return daemons.process(daemon);
    }

    /** Stops a daemon until {@link #start(String)} starts it again. Returns when it is gone. */
    public void stop(String daemon) {
        daemons.stop(daemon);
    }

    /** Starts a daemon that was stopped; does not wait for it. */
    public void start(String daemon) {
        daemons.start(daemon);
    }

    /** Workers of all supervisors that run now. */
    public List<Workers.Worker> workers() {
        return supervisorFolders(folder).stream()
                .flatMap(local -> Workers.of(local).stream())
                .toList();
    }

    /** Workers of one supervisor that run now. */
    public List<Workers.Worker> workers(String supervisor) {
        return Workers.of(StormHome.of(folder, supervisor).local());
    }

    public synchronized ServiceInfo info() {
        return info;
    }

    public synchronized Topologies topologies() {
        return topologies;
    }

    /**
     * Waits until every daemon takes part, and the topics are there.
     *
     * @throws CommandFailedException when one does not in time; it names the log
     */
    public void awaitReady() {
        List.of("redis", "kafka", "zookeeper", "drpc").forEach(daemons::awaitReady);
        try (Topics topics = new Topics(info().kafka(), Duration.ofSeconds(30))) {
            info().streams().forEach(stream -> topics.makeIfMissing(stream.topic()));
        }
        long until = System.nanoTime() + Daemons.TO_START.toNanos();
        while (topologies()
                .cluster()
                .filter(summary -> summary.get_supervisors_size() >= SUPERVISORS)
                .isEmpty()) {
            daemons.giveUp("nimbus", System.nanoTime() > until);
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(Daemons.LOOK.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException(ExitCodes.FAILED, "interrupted while starting", e);
        }
    }

    /**
     * Submits the topology's jar as {@code storm jar} does, for this cluster's Kafka and Redis.
     *
     * @param submitOptions more options of {@code Submit}
     * @return what it printed
     * @throws CommandFailedException when it was not taken
     */
    public String submit(List<String> submitOptions) throws InterruptedException {
        return submit(builtJar(), info().redis(), submitOptions);
    }

    /**
     * The same with another jar, of another version, and with Redis by another address, which must lead to one with this
     * cluster's password.
     */
    public String submit(Path jar, String redis, List<String> submitOptions) throws InterruptedException {
        return submit(folder, info(), jar, redis, submitOptions);
    }

    /** The same to the cluster that runs on a folder, from another process. @param servers what the folder says of it */
    public static String submit(DataFolder folder, ServiceInfo servers, List<String> submitOptions)
            throws InterruptedException {
        return submit(folder, servers, builtJar(), servers.redis(), submitOptions);
    }

    private static String submit(
            DataFolder folder, ServiceInfo servers, Path jar, String redis, List<String> submitOptions)
            throws InterruptedException {
        List<String> all = new ArrayList<>(List.of(
                "--kafka", servers.kafka(), "--redis", redis, "--redis-password-file", servers.redisPasswordFile()));
        all.addAll(submitOptions);
        StormJar.Ended ended = new StormJar(StormHome.of(folder, "client"), jar, folder.logs()).run(all);
        if (ended.status() != 0) {
            throw new CommandFailedException(
                    ExitCodes.FAILED,
                    "the topology was not taken: " + ended.output().strip() + " Log: "
                            + folder.logs().resolve("submit.log"));
        }
        return ended.output();
    }

    /** Stops everything, workers too, and gives the folder back. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        // First those that would start workers again, then the workers, last what they talk to.
        List<String> names = new ArrayList<>(daemons.names());
        Collections.reverse(names);
        for (String name : names) {
            if (name.equals("nimbus")) {
                supervisorFolders(folder).forEach(Workers::end);
            }
            stop(name);
        }
        if (info != null) {
            ServiceInfo.remove(folder);
            DataFolder.remove(ClusterInfo.folder(folder));
        }
        try {
            lock.release();
            lock.channel().close();
        } catch (IOException e) {
            LOG.warn("the lock of {} could not be given back; it goes with this process", folder.path(), e);
        }
    }
}
