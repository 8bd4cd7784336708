package io.tidemark.commit;

import java.util.Collections;
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
    private int numbers;
    private SortedMap<String, Value> keys = new TreeMap<>();

    /** @param clock Unix milliseconds */
    public ModelRedis(LongSupplier clock) {
        this.clock = clock;
    }

    /** Everything as it is now; give it to {@link #restore} as often as wanted. */
    public Object snapshot() {
        return new TreeMap<>(keys);
    }

    /** Everything as it was. */
    @SuppressWarnings("unchecked")
    public void restore(Object snapshot) {
        keys = new TreeMap<>((SortedMap<String, Value>) snapshot);
    }

    /** The keys of one hash tag as they were, as when one node of several falls back. */
    @SuppressWarnings("unchecked")
    public void restore(Object snapshot, String tag) {
        keys.keySet().removeIf(key -> key.contains(tag));
        ((SortedMap<String, Value>) snapshot).forEach((key, value) -> {
            if (key.contains(tag)) {
                keys.put(key, value);
            }
        });
    }

    /** 0, 1, 2, ... */
    int nextNumber() {
        return numbers++;
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

    /** A key's fields or members and their values as they are now, not to be changed; none when there is no such key. */
    public SortedMap<String, String> fields(String key) {
        Value value = keys.get(key);
        return value == null ? Collections.emptySortedMap() : Collections.unmodifiableSortedMap(value.fields());
    }

    /** A value is never changed but replaced, so that a snapshot keeps what it has. */
    private SortedMap<String, String> writable(String key, Kind kind) {
        Value old = keys.get(key);
        Value value = old == null ? new Value(kind, new TreeMap<>()) : old.copy();
        keys.put(key, value);
        return value.fields();
    }

    @Override
    public void setField(String key, String field, String value) {
        writable(key, Kind.HASH).put(field, value);
    }

    @Override
    public void deleteField(String key, String field) {
        writable(key, Kind.HASH).remove(field);
        keys.values().removeIf(v -> v.fields().isEmpty());
    }

    @Override
    public void setScore(String key, String member, String score) {
        writable(key, Kind.SORTED_SET).put(member, score);
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
}
