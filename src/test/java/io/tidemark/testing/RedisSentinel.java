package io.tidemark.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.Jedis;

/**
 * One real sentinel, which decides alone, on a free port of the loopback; it watches a master named {@link #MASTER}, and
 * asks for the master's own password too. It dies with this JVM. Used by one thread.
 */
public final class RedisSentinel implements AutoCloseable {
    public static final String MASTER = "counts";

    private static final Duration START_TIME = Duration.ofSeconds(20);

    private final int port;
    private final String password;
    private final Process process;

    /**
     * @param folder of its configuration, which it rewrites; made when missing
     * @param downAfter for how long the master may be silent
     */
    public RedisSentinel(Path folder, RedisServer master, Duration downAfter) {
        this.port = RedisServer.freePort();
        this.password = master.password();
        try {
            Files.createDirectories(folder);
            Path configuration = folder.resolve("sentinel.conf");
            Files.write(
                    configuration,
                    List.of(
                            "bind 127.0.0.1",
                            "port " + port,
                            "requirepass " + password,
                            "dir " + folder.toAbsolutePath(),
                            "sentinel monitor " + MASTER + " 127.0.0.1 " + master.port() + " 1",
                            "sentinel auth-pass " + MASTER + " " + password,
                            "sentinel down-after-milliseconds " + MASTER + " " + downAfter.toMillis(),
                            "sentinel failover-timeout " + MASTER + " 5000"));
            process = new ProcessBuilder(master.binary().toString(), configuration.toString(), "--sentinel")
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("sentinel.log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "stop-sentinel-" + port));
    }

    public int port() {
        return port;
    }

    /** Waits until it knows this replica of the master. */
    public void awaitReplica(RedisServer replica) throws InterruptedException {
        long deadline = System.nanoTime() + START_TIME.toNanos();
        while (!knows(replica.port())) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException("the sentinel on port " + port + " finds no replica");
            }
            Thread.sleep(50);
        }
    }

    @Override
    public void close() {
        try {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean knows(int replica) {
        try (Jedis jedis = new Jedis("127.0.0.1", port)) {
            jedis.auth(password);
            return jedis.sentinelReplicas(MASTER).stream()
                    .anyMatch(r -> r.get("port").equals(Integer.toString(replica))
                            && "slave".equals(r.get("flags"))
                            && "ok".equals(r.get("master-link-status")));
        } catch (redis.clients.jedis.exceptions.JedisException notYet) {
            return false;
        }
    }
}
