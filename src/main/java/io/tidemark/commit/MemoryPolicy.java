package io.tidemark.commit;

import io.tidemark.stream.RefusedException;
import java.time.Duration;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether Redis may delete keys by itself when memory is short. Where the user may not ask, a warning is logged once. May be
 * used by several threads.
 */
final class MemoryPolicy {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryPolicy.class);
    private static final Duration CHECK_EVERY = Duration.ofSeconds(2);
    private static final String SECTION = "memory";

    private final RedisConnection redis;
    private final String stream;
    private final String key;
    private volatile boolean warned;
    private volatile long checkedAt = System.nanoTime() - CHECK_EVERY.toNanos() - 1;

    /** @param key one that the server has which counts are kept on */
    MemoryPolicy(RedisConnection redis, String stream, String key) {
        this.redis = redis;
        this.stream = stream;
        this.key = key;
    }

    /**
     * Asks all servers that answer.
     *
     * @throws RefusedException {@code eviction} when one may
     */
    void checkAll() {
        check(() -> redis.info(SECTION));
    }

    /**
     * Asks the server that has the key, if that was not done in the last seconds. Others are not waited for: one that hangs
     * would hold up who has nothing there.
     *
     * @throws RefusedException {@code eviction} when it may
     */
    void checkNowAndThen() {
        long now = System.nanoTime();
        if (now - checkedAt > CHECK_EVERY.toNanos()) {
            check(() -> redis.info(SECTION, key));
            checkedAt = now;
        }
    }

    private void check(Supplier<SortedMap<String, String>> asking) {
        SortedMap<String, String> infos;
        try {
            infos = asking.get();
        } catch (RefusedException notPermitted) {
            if (notPermitted.refusal().code().equals("redis-cluster")) {
                throw notPermitted;
            }
            if (!warned) {
                warned = true;
                LOG.warn(
                        "stream {}: the Redis user may not use INFO, so it is not known whether Redis deletes keys by"
                                + " itself. Make sure that maxmemory-policy is noeviction. ({})",
                        stream,
                        notPermitted.getMessage());
            }
            return;
        }
        infos.forEach(MemoryPolicy::check);
    }

    private static void check(String server, String info) {
        String policy = info.lines()
                .filter(l -> l.startsWith("maxmemory_policy:"))
                .map(l -> l.substring(l.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("noeviction");
        if (!"noeviction".equals(policy)) {
            throw new RefusedException(
                    "eviction",
                    "Redis at " + server + " has maxmemory-policy " + policy
                            + ": when memory is short it deletes counts without an error."
                            + " Set it to noeviction, with CONFIG SET maxmemory-policy noeviction and in its"
                            + " configuration file");
        }
    }
}
