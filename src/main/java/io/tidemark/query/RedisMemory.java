package io.tidemark.query;

import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What Redis says of its memory; of a cluster, the node with the least room.
 *
 * @param used bytes
 * @param most bytes; 0 for no limit
 * @param policy what it does when the limit is reached
 */
record RedisMemory(long used, long most, String policy) {
    /** @param infos the answers of all servers to {@code INFO memory}, at least one */
    static RedisMemory of(Collection<String> infos) {
        return infos.stream()
                .map(RedisMemory::of)
                .max(Comparator.comparingDouble(RedisMemory::filled).thenComparingLong(RedisMemory::used))
                .orElseThrow();
    }

    private double filled() {
        return most == 0 ? 0 : (double) used / most;
    }

    private static RedisMemory of(String info) {
        Map<String, String> fields = info.lines()
                .filter(l -> l.indexOf(':') > 0)
                .collect(Collectors.toMap(
                        l -> l.substring(0, l.indexOf(':')),
                        l -> l.substring(l.indexOf(':') + 1).strip(),
                        (a, b) -> b));
        return new RedisMemory(
                Long.parseLong(fields.getOrDefault("used_memory", "0")),
                Long.parseLong(fields.getOrDefault("maxmemory", "0")),
                fields.getOrDefault("maxmemory_policy", ""));
    }
}
