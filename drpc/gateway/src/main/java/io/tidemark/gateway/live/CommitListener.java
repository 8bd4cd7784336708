package io.tidemark.gateway.live;

import io.tidemark.commit.RedisAddress;
import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.stream.RefusedException;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.JedisPubSub;

/**
 * Hears from Redis of each commit, of all streams, on one connection that it opens again for as long as it lives. What
 * was said while it was away is lost: so it says at each (re)connection that there may be something new everywhere.
 */
final class CommitListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommitListener.class);
    private static final String CHANNELS = "tidemark:{*}:commits";
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final RedisAddress address;
    private final Consumer<String> told;
    private final Runnable toldOfAll;
    private volatile Subscription current;
    private volatile boolean closed;

    /**
     * @param told is told the stream of each commit
     * @param toldOfAll is told when commits may have been missed
     */
    CommitListener(RedisAddress address, Consumer<String> told, Runnable toldOfAll) {
        this.address = address;
        this.told = told;
        this.toldOfAll = toldOfAll;
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
        private String said = "";

        void listen() {
            Duration pause = SHORTEST_PAUSE;
            try (RedisConnection redis = new RedisConnection(address)) {
                while (!closed && current == this) {
                    try {
                        redis.call(client -> {
                            client.psubscribe(this, CHANNELS);
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
            if (!why.equals(said)) {
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
                    punsubscribe();
                } catch (RuntimeException gone) {
                    LOG.debug("the subscription was gone already", gone);
                }
            }
        }

        @Override
        public void onPSubscribe(String pattern, int subscribed) {
            stands = true;
            toldOfAll.run();
        }

        @Override
        public void onPMessage(String pattern, String channel, String message) {
            told.accept(channel.substring(channel.indexOf('{') + 1, channel.lastIndexOf('}')));
        }
    }
}
