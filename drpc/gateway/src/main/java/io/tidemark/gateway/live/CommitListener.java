package io.tidemark.gateway.live;

import io.tidemark.commit.RedisAddress;
import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.commit.StreamKeys;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.Shard;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Hears from Redis of each commit of the streams that somebody reads, on one connection that it opens again for as long
 * as it lives. What was said while it was away is lost: so it says at each (re)connection that there may be something
 * new everywhere.
 */
final class CommitListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommitListener.class);

    /** Nothing is said here: it keeps the connection while there is no stream to hear of. */
    private static final String NOTHING = "tidemark:gateways";

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final RedisAddress address;
    private final Consumer<String> told;
    private final Supplier<Set<String>> streams;
    private volatile Subscription current;
    private volatile boolean closed;

    /**
     * @param told is told the stream of each commit, and each stream whose commits may have been missed
     * @param streams whose commits are to be heard of
     */
    CommitListener(RedisAddress address, Consumer<String> told, Supplier<Set<String>> streams) {
        this.address = address;
        this.told = told;
        this.streams = streams;
    }

    /** Hears of another stream too. */
    void add(String stream) {
        Subscription subscription = current;
        if (subscription != null && subscription.stands()) {
            subscription.add(List.of(stream));
        }
    }

    void start() {
        Subscription subscription = new Subscription();
        current = subscription;
        Thread thread = new Thread(subscription::listen, "gateway-commits");
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether commits are heard of, as far as is known. */
    boolean listens() {
        Subscription subscription = current;
        return subscription != null && subscription.stands();
    }

    /** Opens a new connection: commits were seen that this one has not told of, so it is dead without knowing. */
    void renew() {
        Subscription old = current;
        if (!closed && old != null) {
            LOG.warn("Redis has new commits that it did not tell of; subscribing anew");
            start();
            old.end();
        }
    }

    @Override
    public void close() {
        closed = true;
        Subscription subscription = current;
        if (subscription != null) {
            subscription.end();
        }
    }

    private final class Subscription extends JedisPubSub {
        private volatile boolean stands;
        private volatile RedisConnection names;
        private String said = "";

        void listen() {
            Duration pause = SHORTEST_PAUSE;
            try (RedisConnection redis = new RedisConnection(address)) {
                names = redis;
                while (!closed && current == this) {
                    try {
                        redis.call(client -> {
                            client.subscribe(this, NOTHING);
                            return null;
                        });
                        pause = SHORTEST_PAUSE;
                        said = "";
                    } catch (StoreUnavailableException | RefusedException e) {
                        sayOnce(e.getMessage());
                    }
                    stands = false;
                    Thread.sleep(pause.toMillis());
                    pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void sayOnce(String why) {
            if (!closed && !why.equals(said)) {
                LOG.warn("Redis does not tell of commits for now, so they are looked for: {}", why);
                said = why;
            }
        }

        boolean stands() {
            return stands;
        }

        void end() {
            if (isSubscribed()) {
                try {
                    unsubscribe();
                } catch (RuntimeException gone) {
                    LOG.debug("the subscription was gone already", gone);
                }
            }
        }

        /** By name, not by pattern: a user that may hear {@code tidemark:*} may not give another pattern. */
        void add(Collection<String> added) {
            if (added.isEmpty()) {
                return;
            }
            Set<String> channels = new TreeSet<>();
            added.forEach(stream -> channels.add(new StreamKeys(stream).commits()));
            shards().stream()
                    .filter(name -> added.contains(Shard.streamOf(name)))
                    .forEach(name -> channels.add(new StreamKeys(name).commits()));
            try {
                subscribe(channels.toArray(String[]::new));
            } catch (JedisException gone) {
                LOG.debug("the connection is gone; the next one hears of {}", added, gone);
            }
        }

        /**
         * Each shard of a stream tells of its own commits. What is not known now is looked for when nothing is told.
         */
        private Set<String> shards() {
            try {
                return names.call(client -> client.smembers(StreamKeys.STREAMS));
            } catch (StoreUnavailableException | RefusedException e) {
                LOG.debug("which shards there are is not known for now: {}", e.getMessage());
                return Set.of();
            }
        }

        @Override
        public void onSubscribe(String channel, int subscribed) {
            if (channel.equals(NOTHING)) {
                stands = true;
                add(streams.get());
            } else {
                told.accept(stream(channel));
            }
        }

        @Override
        public void onMessage(String channel, String message) {
            if (!channel.equals(NOTHING)) {
                told.accept(stream(channel));
            }
        }

        private static String stream(String channel) {
            return Shard.streamOf(channel.substring(channel.indexOf('{') + 1, channel.lastIndexOf('}')));
        }
    }
}
