package io.tidemark.app.service;

import io.tidemark.app.CommandFailedException;
import io.tidemark.app.ExitCodes;
import io.tidemark.commit.RedisAddress;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The embedded Redis of a data folder whose service does not run, started alone for a short piece of work. */
public final class RedisAlone implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisAlone.class);
    private static final Duration TO_START = Duration.ofSeconds(30);
    private static final Duration TO_STOP = Duration.ofSeconds(5);

    private final FileLock lock;
    private final Child redis;
    private final RedisAddress address;

    private RedisAlone(FileLock lock, Child redis, RedisAddress address) {
        this.lock = lock;
        this.redis = redis;
        this.address = address;
    }

    /**
     * Takes the folder and starts Redis on any free port.
     *
     * @throws CommandFailedException when a service runs on the folder, or Redis does not start
     */
    public static RedisAlone start(DataFolder folder) {
        folder.create();
        FileLock lock = folder.lock();
        ProcessNotes notes = new ProcessNotes(folder.processNotes());
        notes.endLeftOvers();
        int port = new Ports(line -> {}).anyFree();
        RedisFiles files = new RedisFiles(folder);
        files.prepare(port);
        CountDownLatch ready = new CountDownLatch(1);
        Child redis =
                new Child("redis", () -> files.command(), notes, RedisFiles.READY_SIGN, word -> ready.countDown());
        RedisAlone alone = new RedisAlone(lock, redis, files.address(port));
        redis.start();
        try {
            if (!ready.await(TO_START.toMillis(), TimeUnit.MILLISECONDS)) {
                alone.close();
                throw new CommandFailedException(
                        ExitCodes.FAILED,
                        "Redis did not start within " + TO_START.toSeconds() + " s. The reason should stand in "
                                + folder.logs());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            alone.close();
            throw new CommandFailedException(ExitCodes.FAILED, "interrupted while Redis was starting", e);
        }
        return alone;
    }

    /** Whether an address is of the Redis that lives in a folder, not of one that was there already. */
    public static boolean isIn(DataFolder folder, RedisAddress address) {
        return new RedisFiles(folder).isOf(address);
    }

    public RedisAddress address() {
        return address;
    }

    @Override
    public void close() {
        redis.stop(TO_STOP);
        try {
            lock.channel().close();
        } catch (IOException e) {
            LOG.warn("the lock could not be given back; it goes with this process", e);
        }
    }
}
