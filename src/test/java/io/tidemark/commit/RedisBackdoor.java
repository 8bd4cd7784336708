package io.tidemark.commit;

import io.tidemark.testing.RedisServer;
import java.util.SortedMap;
import java.util.TreeMap;
import redis.clients.jedis.Jedis;

/** A plain connection to a real Redis, for tests that look or change behind a store's back. */
final class RedisBackdoor implements Backdoor, AutoCloseable {
    private final Jedis jedis;

    RedisBackdoor(RedisServer server) {
        jedis = new Jedis("127.0.0.1", server.port());
        jedis.auth(server.password());
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
        switch (jedis.type(key)) {
            case "hash" -> fields.putAll(jedis.hgetAll(key));
            case "zset" ->
                jedis.zrangeWithScores(key, 0, -1).forEach(t -> fields.put(t.getElement(), number(t.getScore())));
            case "set" -> jedis.smembers(key).forEach(m -> fields.put(m, ""));
            default -> fields.put("", jedis.get(key));
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
