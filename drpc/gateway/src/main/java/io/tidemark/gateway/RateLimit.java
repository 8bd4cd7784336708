package io.tidemark.gateway;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/**
 * So many requests a second from one address, and twice as many at once. An IPv6 network of 64 bits is one address: who
 * has one of them has all. Thread-safe.
 */
final class RateLimit {
    private static final int MOST_KNOWN = 10_000;
    private static final double NANOS = 1e9;

    private final int perSecond;
    private final LongSupplier nanoClock;
    private final ConcurrentMap<String, Bucket> buckets = new ConcurrentHashMap<>();

    /** @param perSecond 0 for no limit */
    RateLimit(int perSecond, LongSupplier nanoClock) {
        this.perSecond = perSecond;
        this.nanoClock = nanoClock;
    }

    /** Whether one more may be asked now; it counts then. */
    boolean allows(InetAddress from) {
        if (perSecond == 0) {
            return true;
        }
        long now = nanoClock.getAsLong();
        if (buckets.size() >= MOST_KNOWN) {
            buckets.values().removeIf(bucket -> bucket.isFull(now));
        }
        return buckets.computeIfAbsent(key(from), fresh -> new Bucket(now)).take(now);
    }

    static String key(InetAddress from) {
        byte[] bytes = from.getAddress();
        return HexFormat.of().formatHex(from instanceof Inet6Address ? Arrays.copyOf(bytes, 8) : bytes);
    }

    private final class Bucket {
        private double tokens = 2.0 * perSecond;
        private long at;

        Bucket(long now) {
            at = now;
        }

        synchronized boolean take(long now) {
            refill(now);
            if (tokens < 1) {
                return false;
            }
            tokens--;
            return true;
        }

        synchronized boolean isFull(long now) {
            refill(now);
            return tokens >= 2.0 * perSecond;
        }

        private void refill(long now) {
            tokens = Math.min(2.0 * perSecond, tokens + Math.max(0, now - at) / NANOS * perSecond);
            at = now;
        }
    }
}
