package io.tidemark.app.chaos;

import static org.awaitility.Awaitility.await;

import io.tidemark.app.ServiceProcess;
import io.tidemark.app.cluster.Signal;
import io.tidemark.app.service.ServiceInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** {@code tidemark run}: its parts are broken, and the service itself is started again where it cannot do so. */
final class ServiceTarget implements Target {
    private static final Duration TO_BE_THERE = Duration.ofMinutes(2);
    /** Longer than a session of ZooKeeper. */
    private static final int LONGEST_STILL_MS = 25_000;

    private static final int LONGEST_DOWN_MS = 1_000;

    private final Path folder;
    private final Random random;
    private ServiceProcess service;
    private boolean ended;

    ServiceTarget(Path folder, Random random) {
        this.folder = folder;
        this.random = random;
    }

    @Override
    public void start() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        synchronized (this) {
            if (ended) {
                throw new IllegalStateException("ended before it began");
            }
            service = ServiceProcess.start(folder.resolve("data"));
        }
        service.awaitAnswer();
    }

    @Override
    public ServiceInfo info() {
        return service.info();
    }

    @Override
    public int eventsPerSecond() {
        return 1_000;
    }

    @Override
    public List<Fault> faults() {
        return List.of(
                Fault.of("Storm killed", r -> child("StormMain").destroyForcibly()),
                Fault.of("Redis killed", r -> child("redis-server").destroyForcibly()),
                Fault.of("Kafka killed", r -> child("KafkaMain").destroyForcibly()),
                Fault.of("service killed, its children left to themselves", r -> {
                    service.kill();
                    startAgain();
                }),
                Fault.of("everything killed at once", r -> {
                    service.killAll();
                    startAgain();
                }),
                Fault.of("Storm stood still up to 25 s, went on", r -> standStill("StormMain")),
                Fault.of("Redis stood still up to 25 s, went on", r -> standStill("redis-server")),
                Fault.losingWrites("Redis killed, back without its last writes", r -> loseWrites()));
    }

    private void startAgain() throws IOException, InterruptedException {
        Thread.sleep(random.nextInt(LONGEST_DOWN_MS));
        synchronized (this) {
            if (!ended) {
                service.startAgain();
            }
        }
    }

    private void standStill(String part) throws InterruptedException {
        ProcessHandle process = child(part);
        Signal.STOP.to(process);
        try {
            Thread.sleep(1 + random.nextInt(LONGEST_STILL_MS));
        } finally {
            Signal.CONT.to(process);
        }
    }

    /** The service stands still meanwhile, for it would start Redis again before its file is cut. */
    private void loseWrites() throws IOException {
        ProcessHandle redis = child("redis-server");
        ProcessHandle above = service.handle();
        Signal.STOP.to(above);
        try {
            redis.destroyForcibly();
            redis.onExit().join();
            LastWrites.lose(service.folder().redis(), random);
        } finally {
            Signal.CONT.to(above);
        }
    }

    /** A child, when the service has started it. */
    private ProcessHandle child(String part) {
        return await(part)
                .atMost(TO_BE_THERE)
                .pollInterval(Duration.ofMillis(20))
                .ignoreException(AssertionError.class)
                .until(() -> service.child(part), ProcessHandle::isAlive);
    }

    @Override
    public String diagnosis() {
        return "logs: " + folder.resolve("data").resolve("logs");
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public synchronized void close() {
        ended = true;
        if (service != null) {
            service.close();
        }
    }
}
