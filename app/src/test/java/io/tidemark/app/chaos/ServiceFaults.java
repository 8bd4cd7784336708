package io.tidemark.app.chaos;

import static org.awaitility.Awaitility.await;

import io.tidemark.app.ServiceProcess;
import io.tidemark.app.cluster.Signal;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;

/** Breaks the parts of a running service, and starts the service again where it cannot do so itself. Not thread-safe. */
final class ServiceFaults {
    private static final Duration TO_BE_THERE = Duration.ofMinutes(2);
    private static final int LONGEST_STILL_MS = 12_000;
    private static final int LONGEST_DOWN_MS = 1_000;
    /** At most this share of the last append-only file is cut off, so that there is a stream left. */
    private static final int SHARE_TO_CUT = 4;

    private static final int MOST_TO_CUT = 400_000;

    private final ServiceProcess service;
    private final Random random;
    private boolean ended;

    ServiceFaults(ServiceProcess service, Random random) {
        this.service = service;
        this.random = random;
    }

    /** Does it. Whether the service goes on is for the caller to see. */
    void inject(ServiceFault fault) throws IOException, InterruptedException {
        switch (fault) {
            case STORM_KILLED -> child("StormMain").destroyForcibly();
            case REDIS_KILLED -> child("redis-server").destroyForcibly();
            case KAFKA_KILLED -> child("KafkaMain").destroyForcibly();
            case SERVICE_KILLED -> {
                service.kill();
                startAgain();
            }
            case ALL_KILLED -> {
                service.killAll();
                startAgain();
            }
            case STORM_STILL -> standStill("StormMain");
            case REDIS_STILL -> standStill("redis-server");
            case REDIS_OLDER -> loseWrites();
            default -> throw new IllegalStateException("no such fault: " + fault);
        }
    }

    /** Ends the service with all its processes, and any fault with it. May be called by another thread. */
    synchronized void end() {
        ended = true;
        service.close();
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
            Path file = lastAppendOnlyFile();
            try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
                long most = Math.min(MOST_TO_CUT, opened.length() / SHARE_TO_CUT);
                opened.setLength(opened.length() - random.nextLong(most + 1));
            }
        } finally {
            Signal.CONT.to(above);
        }
    }

    private Path lastAppendOnlyFile() {
        try (Stream<Path> files = Files.list(service.folder().redis().resolve("appendonlydir"))) {
            return files.filter(file -> file.toString().endsWith(".incr.aof"))
                    .max((a, b) -> Long.compare(number(a), number(b)))
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code appendonly.aof.12.incr.aof} is number 12. */
    private static long number(Path file) {
        return Long.parseLong(file.getFileName().toString().split("\\.")[2]);
    }

    /** A child, when the service has started it. */
    private ProcessHandle child(String part) {
        return await(part)
                .atMost(TO_BE_THERE)
                .pollInterval(Duration.ofMillis(20))
                .ignoreException(AssertionError.class)
                .until(() -> service.child(part), ProcessHandle::isAlive);
    }
}
