package io.tidemark.commit;

import static io.tidemark.commit.RedisConnection.bytes;

import io.tidemark.stream.Shard;
import java.security.SecureRandom;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Deletes a stream's counts and marks, whoever counts meanwhile: commits are refused first, then everything goes, the marks
 * last. What stays is the name of the set of counts that may begin, so that nobody who remembers the former one takes it
 * for lost and begins it again. Broken off half-way, the stream is frozen; doing it again finishes it. May be used by
 * several threads.
 */
public final class StartingOver {
    private final RedisConnection redis;
    private final String stream;
    private final Scripts scripts;

    /** @param redis stays the caller's to close */
    public StartingOver(RedisConnection redis, String stream) {
        this(redis, stream, Scripts.bundled());
    }

    StartingOver(RedisConnection redis, String stream, Scripts scripts) {
        this.redis = redis;
        this.stream = stream;
        this.scripts = scripts;
    }

    /** Whether there is anything of the stream. @throws StoreUnavailableException when trying again is right */
    public boolean isThere() {
        return keys().stream().anyMatch(this::isThere);
    }

    private boolean isThere(StreamKeys keys) {
        AtomicBoolean found = new AtomicBoolean(redis.call(client -> client.exists(keys.main())));
        if (!found.get()) {
            new OtherKeys(redis, keys).scan(names -> {
                found.set(!names.isEmpty());
                return !found.get();
            });
        }
        return found.get();
    }

    /**
     * What there may be of the stream: kept under its own name or in shards, also in those of a configuration before. One
     * whose name went already while its marks did not is found by its key.
     */
    private List<StreamKeys> keys() {
        SortedSet<String> names = new ShardNames(redis).of(stream);
        for (int k = 0; k < Shard.MOST; k++) {
            addIfThere(names, Shard.oneOfSeveral(stream, k));
        }
        addIfThere(names, stream);
        if (names.isEmpty()) {
            names.add(stream);
        }
        return names.stream().map(StreamKeys::new).toList();
    }

    private void addIfThere(SortedSet<String> names, String name) {
        if (redis.call(client -> client.exists(new StreamKeys(name).main()))) {
            names.add(name);
        }
    }

    /**
     * Starts over.
     *
     * @throws StoreUnavailableException when trying again is right
     * @throws io.tidemark.stream.RefusedException {@code not-permitted} and the like
     */
    public void startOver() {
        List<StreamKeys> all = keys();
        all.forEach(keys -> redis.eval(
                scripts.freeze(), List.of(bytes(keys.main())), List.of(bytes(StreamKeys.FORMAT), bytes("resetting"))));
        String next = "%016x".formatted(new SecureRandom().nextLong());
        all.forEach(keys -> startOver(keys, next));
    }

    private void startOver(StreamKeys keys, String next) {
        new OtherKeys(redis, keys).scan(names -> {
            if (!names.isEmpty()) {
                redis.unlink(names);
            }
            return true;
        });
        // Before the marks go: whoever initialises then adds the name again.
        redis.call(client -> client.srem(StreamKeys.STREAMS, keys.stream()));
        redis.eval(scripts.forget(), List.of(bytes(keys.main()), bytes(keys.health())), List.of(bytes(next)));
    }
}
