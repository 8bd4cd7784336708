package io.tidemark.commit;

import static io.tidemark.commit.RedisConnection.bytes;

import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Deletes a stream's counts and marks, whoever counts meanwhile: commits are refused first, then everything goes, the marks
 * last. What stays is the name of the set of counts that may begin, so that nobody who remembers the former one takes it
 * for lost and begins it again. Broken off half-way, the stream is frozen; doing it again finishes it. May be used by
 * several threads.
 */
public final class StartingOver {
    private final RedisConnection redis;
    private final StreamKeys keys;
    private final Scripts scripts;

    /** @param redis stays the caller's to close */
    public StartingOver(RedisConnection redis, String stream) {
        this(redis, stream, Scripts.bundled());
    }

    StartingOver(RedisConnection redis, String stream, Scripts scripts) {
        this.redis = redis;
        this.keys = new StreamKeys(stream);
        this.scripts = scripts;
    }

    /** Whether there is anything of the stream. @throws StoreUnavailableException when trying again is right */
    public boolean isThere() {
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
     * Starts over.
     *
     * @throws StoreUnavailableException when trying again is right
     * @throws io.tidemark.stream.RefusedException {@code not-permitted} and the like
     */
    public void startOver() {
        redis.eval(
                scripts.freeze(), List.of(bytes(keys.main())), List.of(bytes(StreamKeys.FORMAT), bytes("resetting")));
        new OtherKeys(redis, keys).scan(names -> {
            if (!names.isEmpty()) {
                redis.call(client -> client.unlink(names.toArray(String[]::new)));
            }
            return true;
        });
        // Before the marks go: whoever initialises then adds the name again.
        redis.call(client -> client.srem(StreamKeys.STREAMS, keys.stream()));
        String next = "%016x".formatted(new SecureRandom().nextLong());
        redis.eval(scripts.forget(), List.of(bytes(keys.main()), bytes(keys.health())), List.of(bytes(next)));
    }
}
