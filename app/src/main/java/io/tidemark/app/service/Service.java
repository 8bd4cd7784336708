package io.tidemark.app.service;

import io.tidemark.app.CommandFailedException;
import io.tidemark.app.ExitCodes;
import io.tidemark.app.child.KafkaMain;
import io.tidemark.app.child.StormMain;
import io.tidemark.app.child.StormSettings;
import io.tidemark.app.service.ServiceInfo.StreamInfo;
import io.tidemark.commit.RedisAddress;
import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.RedisUri;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.commit.StreamKeys;
import io.tidemark.stream.RefusedException;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka, Redis and Storm as children of this process, on the loopback address, with everything they keep in one data
 * folder; or Storm alone, where a Kafka and a Redis are there already. Each is started again when it dies; none outlives this process. Thread-safe.
 */
public final class Service implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Service.class);
    private static final Duration TO_START = Duration.ofSeconds(180);
    private static final Duration TO_ANSWER = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final int STARTS_TO_GIVE_UP = 3;
    private static final Duration STORM_TO_STOP = Duration.ofSeconds(3);
    private static final Duration KAFKA_TO_STOP = Duration.ofSeconds(7);
    private static final Duration REDIS_TO_STOP = Duration.ofSeconds(3);
    private static final Duration BETWEEN_BUDGETS = Duration.ofSeconds(30);

    private final DataFolder folder;
    private final ServiceOptions options;
    private final List<StreamInfo> streams;
    private final FileLock lock;
    private final ProcessNotes notes;
    private final CompletableFuture<Void> kafkaReady = new CompletableFuture<>();
    private final CompletableFuture<Void> redisReady = new CompletableFuture<>();
    private final CompletableFuture<Void> stormReady = new CompletableFuture<>();
    private final CompletableFuture<Void> topicsReady = new CompletableFuture<>();
    private final ScheduledExecutorService chores = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "chores");
        thread.setDaemon(true);
        return thread;
    });

    private ServiceInfo info;
    private Child kafka;
    private Child redis;
    private Child storm;
    private boolean closed;

    private Service(DataFolder folder, ServiceOptions options, List<StreamInfo> streams, FileLock lock) {
        this.folder = folder;
        this.options = options;
        this.streams = List.copyOf(streams);
        this.lock = lock;
        this.notes = new ProcessNotes(folder.processNotes());
    }

    /**
     * Takes the folder, ends what an earlier service left over, chooses the ports, and starts the children; does not
     * wait for them.
     *
     * @param streams what {@code options} configures
     * @param say is told in one line each what a user should know
     * @throws CommandFailedException when the folder or a port that was given is taken: nothing was started then
     */
    public static Service start(
            DataFolder folder, ServiceOptions options, List<StreamInfo> streams, Consumer<String> say) {
        folder.create();
        FileLock lock = folder.lock();
        Service service = new Service(folder, options, streams, lock);
        boolean started = false;
        try {
            service.begin(say);
            started = true;
            return service;
        } finally {
            if (!started) {
                service.close();
            }
        }
    }

    private synchronized void begin(Consumer<String> say) {
        List<String> leftOver = notes.endLeftOvers();
        if (!leftOver.isEmpty()) {
            say.accept("Ended what an earlier service had left over: " + String.join(", ", leftOver) + ".");
        }
        Ports ports = new Ports(say);
        int kafkaPort = options.kafka() == null
                ? ports.choose("--kafka-port", options.kafkaPort(), ServiceOptions.KAFKA_PORT)
                : 0;
        int redisPort = options.redis() == null
                ? ports.choose("--redis-port", options.redisPort(), ServiceOptions.REDIS_PORT)
                : 0;
        int drpcPort = ports.choose("--drpc-port", options.drpcPort(), ServiceOptions.DRPC_PORT);
        boolean hasHttp = options.httpPort() == null || options.httpPort() != ServiceOptions.NO_HTTP;
        int httpPort = hasHttp ? ports.choose("--http-port", options.httpPort(), ServiceOptions.HTTP_PORT) : 0;
        String broker = options.kafka() == null ? "127.0.0.1:" + kafkaPort : options.kafka();
        RedisAddress redisAddress = options.redis() == null ? prepareRedis(redisPort) : otherRedis();
        if (options.kafka() == null) {
            prepareKafka(kafkaPort, ports.anyFree());
        } else {
            makeTopicsOfOther(say);
        }
        info = new ServiceInfo(
                ProcessHandle.current().pid(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                broker,
                redisAddress.uri(),
                redisAddress.passwordFile(),
                "127.0.0.1:" + drpcPort,
                hasHttp ? "127.0.0.1:" + httpPort : null,
                streams);
        info.write(folder);

        // What it is started with by now is nothing beside it any more.
        Backfills backfills = new Backfills(folder);
        streams.forEach(stream -> backfills.remove(stream.name()));
        Path stormSettings = folder.stormSettings();
        DataFolder.writeAtomically(stormSettings, stormSettings(drpcPort).text());
        storm = new Child("storm", () -> stormCommand(stormSettings), notes, null, this::onStormWord);
        if (redis != null) {
            redis.start();
        }
        if (kafka != null) {
            kafka.start();
        }
        storm.start();
    }

    private RedisAddress prepareRedis(int port) {
        RedisFiles files = new RedisFiles(folder);
        files.prepare(port);
        redis = new Child("redis", files::command, notes, RedisFiles.READY_SIGN, word -> redisReady.complete(null));
        return files.address(port);
    }

    private void prepareKafka(int port, int controllerPort) {
        KafkaFiles files = new KafkaFiles(folder);
        files.prepare(port, controllerPort, new RetentionBudget(options.retentionBytes(), Topics.PARTITIONS));
        kafka = new Child("kafka", () -> kafkaCommand(files), notes, null, word -> kafkaReady.complete(null));
        kafkaReady.thenRunAsync(this::makeTopics, chores);
    }

    /** Keeps the password of a Redis that is there already in the folder, and asks whether it can be used. */
    private RedisAddress otherRedis() {
        RedisUri uri = options.redis();
        RedisAddress given = addressOf(uri, options.redisPasswordFile());
        if (uri.password() == null) {
            askRedis(given);
        } else {
            // What is kept from the last start stays until the new one is known to be right.
            Path tried = folder.redisPassword().resolveSibling("redis-password.new");
            try {
                DataFolder.writeAtomically(tried, uri.password() + "\n");
                askRedis(addressOf(uri, tried));
            } finally {
                tried.toFile().delete();
            }
            DataFolder.writeAtomically(folder.redisPassword(), uri.password() + "\n");
            given = addressOf(uri, folder.redisPassword());
        }
        redisReady.complete(null);
        return given;
    }

    private static RedisAddress addressOf(RedisUri uri, Path passwordFile) {
        return new RedisAddress(uri.address(), passwordFile == null ? null : passwordFile.toString());
    }

    private static void askRedis(RedisAddress address) {
        try (RedisConnection connection = new RedisConnection(address)) {
            connection.call(client -> client.exists(StreamKeys.STREAMS));
        } catch (StoreUnavailableException e) {
            throw new CommandFailedException(
                    ExitCodes.UNREACHABLE,
                    "--redis " + address.uri() + " cannot be used: "
                            + e.getMessage().replaceFirst("\\.$", "") + ". Is the address right?",
                    e);
        } catch (RefusedException e) {
            throw new CommandFailedException(
                    ExitCodes.REFUSED, "--redis " + address.uri() + " cannot be used: " + e.getMessage(), e);
        }
    }

    private void makeTopicsOfOther(Consumer<String> say) {
        try (Topics topics = new Topics(options.kafka(), TO_ANSWER)) {
            Set<String> names = topics.names();
            for (StreamInfo stream : streams) {
                if (!names.contains(stream.topic()) && topics.makeIfMissing(stream.topic())) {
                    say.accept("Topic " + stream.topic() + " was missing on " + options.kafka() + ": made with "
                            + Topics.PARTITIONS + " partitions.");
                }
            }
        } catch (KafkaException e) {
            throw new CommandFailedException(
                    ExitCodes.UNREACHABLE,
                    "--kafka " + options.kafka() + " cannot be used: " + e.getMessage()
                            + ". Is the address right, and is the broker running?",
                    e);
        }
        kafkaReady.complete(null);
        topicsReady.complete(null);
    }

    private StormSettings stormSettings(int drpcPort) {
        return new StormSettings(
                drpcPort,
                info.kafka(),
                info.redis(),
                info.redisPasswordFile(),
                options.configurations().stream()
                        .map(file -> file.toAbsolutePath().toString())
                        .toList(),
                folder.path().toString(),
                folder.storm().toString());
    }

    private ProcessBuilder kafkaCommand(KafkaFiles files) {
        return ChildCommands.java(
                folder,
                "kafka",
                // The quick compiler alone: the broker starts sooner, and what it does often is native or a system
                // call.
                List.of("-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                KafkaMain.class.getName(),
                files.configuration().toString());
    }

    private ProcessBuilder stormCommand(Path settings) {
        DataFolder.empty(folder.storm());
        return ChildCommands.java(
                folder,
                "storm",
                List.of("-Xms128m", "-Xmx1g", "-Djava.io.tmpdir=" + folder.storm()),
                StormMain.class.getName(),
                settings.toString());
    }

    private void onStormWord(String word) {
        if (word.equals("up")) {
            CompletableFuture.allOf(topicsReady, redisReady).thenRun(() -> storm.send("go"));
        } else if (word.equals("ready")) {
            stormReady.complete(null);
        }
    }

    private void makeTopics() {
        try (Topics topics = new Topics(info.kafka(), Duration.ofSeconds(30))) {
            for (StreamInfo stream : streams) {
                topics.makeIfMissing(stream.topic());
            }
            topics.splitBudget(options.retentionBytes());
            topicsReady.complete(null);
        } catch (KafkaException e) {
            LOG.error("the topics cannot be made", e);
            topicsReady.completeExceptionally(e);
            return;
        }
        chores.scheduleWithFixedDelay(
                this::splitBudget, BETWEEN_BUDGETS.toSeconds(), BETWEEN_BUDGETS.toSeconds(), TimeUnit.SECONDS);
    }

    private void splitBudget() {
        try (Topics topics = new Topics(info.kafka(), Duration.ofSeconds(10))) {
            topics.splitBudget(options.retentionBytes());
        } catch (KafkaException e) {
            LOG.warn("retention could not be looked after; it is tried again in {} s", BETWEEN_BUDGETS.toSeconds(), e);
        }
    }

    public synchronized ServiceInfo info() {
        return info;
    }

    /**
     * Waits until Kafka, Redis and the topology have been started once.
     *
     * @throws CommandFailedException when one is not there in time; it names the log
     */
    public void awaitReady() {
        if (redis != null) {
            await(redisReady, redis, "service");
        }
        if (kafka != null) {
            await(kafkaReady, kafka, "kafka");
            await(topicsReady, kafka, "kafka");
        }
        await(stormReady, storm, "storm");
    }

    private void await(CompletableFuture<Void> ready, Child child, String log) {
        long until = System.nanoTime() + TO_START.toNanos();
        while (!isReady(ready, child.name(), log)) {
            boolean isLate = System.nanoTime() > until;
            if (isLate || child.starts() > STARTS_TO_GIVE_UP) {
                throw new CommandFailedException(
                        ExitCodes.FAILED,
                        child.name()
                                + (isLate
                                        ? " did not start within " + TO_START.toSeconds() + " s"
                                        : " ended " + STARTS_TO_GIVE_UP + " times while it started")
                                + ". The reason should stand in " + folder.log(log)
                                + (log.equals("service") ? "" : " or " + folder.log("service")));
            }
        }
    }

    private boolean isReady(CompletableFuture<Void> ready, String what, String log) {
        try {
            ready.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new CommandFailedException(
                    ExitCodes.FAILED,
                    what + " cannot be used: " + e.getCause().getMessage() + ". Its log: " + folder.log(log),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException(ExitCodes.FAILED, "interrupted while starting", e);
        }
    }

    /** Stops the children in order, each within its time, and gives the folder back. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        chores.shutdownNow();
        stop(storm, STORM_TO_STOP);
        stop(kafka, KAFKA_TO_STOP);
        stop(redis, REDIS_TO_STOP);
        if (info != null) {
            ServiceInfo.remove(folder);
        }
        try {
            lock.release();
            lock.channel().close();
        } catch (IOException e) {
            LOG.warn("the lock of {} could not be given back; it goes with this process", folder.path(), e);
        }
    }

    private static void stop(Child child, Duration patience) {
        if (child != null) {
            child.stop(patience);
        }
    }
}
