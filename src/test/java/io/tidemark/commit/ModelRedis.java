package io.tidemark.commit;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * A Redis in memory, as far as a store needs one: keys that hold hashes, sorted sets or text, and a clock. It can be
 * copied and set back to an older copy, as a restored backup or a failover does. Used by one thread.
 */
public final class ModelRedis implements Backdoor {
    enum Kind {
        HASH,
        SORTED_SET,
        TEXT
    }

    record Value(Kind kind, SortedMap<String, String> fields) {
        Value copy() {
            return new Value(kind, new TreeMap<>(fields));
        }
    }

    private final LongSupplier clock;
    private SortedMap<String, Value> keys = new TreeMap<>();

    /** @param clock Unix milliseconds */
    public ModelRedis(LongSupplier clock) {
        this.clock = clock;
    }

    /** Everything as it is now; give it to {@link #restore} as often as wanted. */
    public Object snapshot() {
        return copyOf(keys);
    }

    /** Everything as it was. */
    @SuppressWarnings("unchecked")
    public void restore(Object snapshot) {
        keys = copyOf((SortedMap<String, Value>) snapshot);
    }

    long now() {
        return clock.getAsLong();
    }

    SortedMap<String, Value> keys() {
        return keys;
    }

    @Override
    public SortedMap<String, SortedMap<String, String>> contents() {
        SortedMap<String, SortedMap<String, String>> contents = new TreeMap<>();
        keys.forEach((key, value) -> contents.put(key, new TreeMap<>(value.fields())));
        return contents;
    }

    @Override
    public void setField(String key, String field, String value) {
        keys.computeIfAbsent(key, k -> new Value(Kind.HASH, new TreeMap<>()))
                .fields()
                .put(field, value);
    }

    @Override
    public void deleteField(String key, String field) {
        keys.get(key).fields().remove(field);
        keys.values().removeIf(v -> v.fields().isEmpty());
    }

    @Override
    public void setScore(String key, String member, String score) {
        keys.computeIfAbsent(key, k -> new Value(Kind.SORTED_SET, new TreeMap<>()))
                .fields()
                .put(member, score);
    }

    @Override
    public void deleteMember(String key, String member) {
        deleteField(key, member);
    }

    @Override
    public void delete(String key) {
        keys.remove(key);
    }

    @Override
    public void putText(String key, String text) {
        keys.put(key, new Value(Kind.TEXT, new TreeMap<>(java.util.Map.of("", text))));
    }

    private static SortedMap<String, Value> copyOf(SortedMap<String, Value> keys) {
        SortedMap<String, Value> copy = new TreeMap<>();
        keys.forEach((key, value) -> copy.put(key, value.copy()));
        return copy;
    }
}
