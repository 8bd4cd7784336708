package io.tidemark.commit;

import io.tidemark.testing.RedisCluster;
import io.tidemark.testing.RedisServer;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Plain connections to the nodes of a real Redis Cluster, where nothing is moved meanwhile. */
final class ClusterBackdoor implements Backdoor, AutoCloseable {
    private final RedisCluster cluster;
    private final Map<RedisServer, RedisBackdoor> nodes = new HashMap<>();
    private final Map<String, RedisBackdoor> byKey = new HashMap<>();

    ClusterBackdoor(RedisCluster cluster) {
        this.cluster = cluster;
        cluster.nodes().forEach(node -> nodes.put(node, new RedisBackdoor(node, true)));
    }

    private Backdoor of(String key) {
        return byKey.computeIfAbsent(key, of -> nodes.get(cluster.nodeOf(of)));
    }

    @Override
    public SortedMap<String, SortedMap<String, String>> contents() {
        SortedMap<String, SortedMap<String, String>> all = new TreeMap<>();
        nodes.values().forEach(node -> all.putAll(node.contents()));
        return all;
    }

    @Override
    public void setField(String key, String field, String value) {
        of(key).setField(key, field, value);
    }

    @Override
    public void deleteField(String key, String field) {
        of(key).deleteField(key, field);
    }

    @Override
    public void setScore(String key, String member, String score) {
        of(key).setScore(key, member, score);
    }

    @Override
    public void deleteMember(String key, String member) {
        of(key).deleteMember(key, member);
    }

    @Override
    public void delete(String key) {
        of(key).delete(key);
    }

    @Override
    public void putText(String key, String text) {
        of(key).putText(key, text);
    }

    @Override
    public void close() {
        nodes.values().forEach(RedisBackdoor::close);
    }
}
