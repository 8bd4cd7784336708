package io.tidemark.commit;

import io.tidemark.testing.RedisServer;
import java.util.SortedMap;
import java.util.TreeMap;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;

/** A plain connection to a real Redis, for tests that look or change behind a store's back. */
final class RedisBackdoor implements Backdoor, AutoCloseable {
    private final Jedis jedis;
    private final boolean ofCluster;

    RedisBackdoor(RedisServer server) {
        this(server, false);
    }

    /** @param ofCluster whether some of its keys may be of a slot that is being moved to it */
    RedisBackdoor(RedisServer server, boolean ofCluster) {
        jedis = new Jedis("127.0.0.1", server.port());
        jedis.auth(server.password());
        this.ofCluster = ofCluster;
    }

    /** Also where the next command is about a key that another node still answers for. */
    private Jedis here() {
        if (ofCluster) {
            jedis.sendCommand(Protocol.Command.ASKING);
        }
        return jedis;
    }

    Jedis jedis() {
        return jedis;
    }

    @Override
    public SortedMap<String, SortedMap<String, String>> contents() {
        SortedMap<String, SortedMap<String, String>> contents = new TreeMap<>();
        for (String key : jedis.keys("*")) {
            contents.put(key, contentsOf(key));
        }
        return contents;
    }

    /** Each key as Redis itself would save it. */
    SortedMap<String, String> dumps() {
        SortedMap<String, String> dumps = new TreeMap<>();
        for (String key : jedis.keys("*")) {
            dumps.put(key, java.util.HexFormat.of().formatHex(jedis.dump(key)));
        }
        return dumps;
    }

    private SortedMap<String, String> contentsOf(String key) {
        SortedMap<String, String> fields = new TreeMap<>();
        switch (here().type(key)) {
            case "hash" -> fields.putAll(here().hgetAll(key));
            case "zset" ->
                here().zrangeWithScores(key, 0, -1).forEach(t -> fields.put(t.getElement(), number(t.getScore())));
            case "set" -> here().smembers(key).forEach(m -> fields.put(m, ""));
            default -> fields.put("", here().get(key));
        }
        return fields;
    }

    private static String number(double score) {
        return score == Math.rint(score) && Math.abs(score) < 1e17
                ? Long.toString((long) score)
                : Double.toString(score);
    }

    @Override
    public void setField(String key, String field, String value) {
        jedis.hset(key, field, value);
    }

    @Override
    public void deleteField(String key, String field) {
        jedis.hdel(key, field);
    }

    @Override
    public void setScore(String key, String member, String score) {
        jedis.zadd(key, Double.parseDouble(score), member);
    }

    @Override
    public void deleteMember(String key, String member) {
        jedis.zrem(key, member);
    }

    @Override
    public void delete(String key) {
        jedis.del(key);
    }

    @Override
    public void putText(String key, String text) {
        jedis.set(key, text);
    }

    @Override
    public void close() {
        jedis.close();
    }
}
