package io.tidemark.verify;

import java.util.Map;

/**
 * A key of Redis, read in one step with the marks of that moment.
 *
 * @param name behind the stream's: {@code total:actor}
 * @param cut the moment
 * @param type by Redis's name; {@code none} when there is no such key
 * @param expires whether it will vanish by itself
 * @param bucketEnd what the stream's list of buckets says of the end of this key's bucket; empty where it says nothing
 * @param members of the key with their counts, as Redis gives them
 */
record StoredKey(
        String name, CutPoint cut, String type, boolean expires, String bucketEnd, Map<String, String> members) {
    boolean exists() {
        return !type.equals("none");
    }
}
