package io.tidemark.verify;

import java.util.Objects;

/**
 * Something in Redis that is not what counting again gives.
 *
 * @param key of Redis, behind the stream's: {@code total:actor}; empty for the main key
 * @param name field or member; empty where the key as a whole is meant
 * @param expected what counting again gives
 * @param found what Redis holds
 * @param by how much too many (or, negative, too few) were found; null where these are not two numbers
 */
public record Difference(String key, String name, String expected, String found, Long by) {
    public Difference {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(expected, "expected");
        Objects.requireNonNull(found, "found");
    }

    /** The same, of one shard of several. */
    Difference in(String shard) {
        return new Difference(key.isEmpty() ? shard : shard + ":" + key, name, expected, found, by);
    }

    static Difference ofCounts(String key, String name, long expected, long found) {
        return new Difference(key, name, Long.toString(expected), Long.toString(found), found - expected);
    }

    static Difference ofTexts(String key, String name, String expected, String found) {
        return new Difference(key, name, expected, found, null);
    }
}
