package io.tidemark.gateway.live;

import io.tidemark.commit.RedisAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.eclipse.jetty.websocket.core.FrameHandler;

/** The feeds of all streams that somebody reads. Thread-safe. */
public final class LiveFeeds implements AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final Duration LOOK_WHEN_NOT_TOLD = Duration.ofMillis(200);
    private static final int GOING_AWAY = 1001;

    private final ConcurrentMap<String, StreamFeed> feeds = new ConcurrentHashMap<>();
    private final ReaderFigures figures = new ReaderFigures();
    private final UnaryOperator<String> counts;
    private final Duration quiet;

    /** For so long a message may be under way to a reader: 10 s with the default of 15 s. */
    private final Duration stalled;

    private final CommitListener listener;
    private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(2, task -> {
        Thread thread = new Thread(task, "gateway-feed");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Listens at once.
     *
     * @param counts the answer to {@code counts} about everything that a stream keeps in total, by the stream's name
     * @param quiet how long nothing may be said to a reader
     */
    public LiveFeeds(RedisAddress redis, UnaryOperator<String> counts, Duration quiet) {
        this.counts = counts;
        this.quiet = quiet;
        this.stalled = quiet.multipliedBy(2).dividedBy(3);
        this.listener = new CommitListener(redis, this::told, this::streams);
        listener.start();
        executor.scheduleWithFixedDelay(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void told(String stream) {
        feeds.values().stream().filter(feed -> feed.streams().contains(stream)).forEach(StreamFeed::told);
    }

    private Set<String> streams() {
        return feeds.values().stream().flatMap(feed -> feed.streams().stream()).collect(Collectors.toSet());
    }

    private void tick() {
        boolean isDeaf = false;
        Duration look = listener.listens() ? LOOK : LOOK_WHEN_NOT_TOLD;
        for (String stream : feeds.keySet()) {
            StreamFeed feed = feeds.computeIfPresent(stream, (name, there) -> there.isEmpty() ? null : there);
            if (feed != null) {
                feed.tick(look, stalled);
                isDeaf |= feed.isNotTold();
            }
        }
        if (isDeaf && listener.listens()) {
            listener.renew();
        }
    }

    /**
     * A WebSocket that is told cuts and their changes.
     *
     * @param onClosed is run once when it is over
     */
    public FrameHandler live(String stream, Runnable onClosed) {
        return new LiveReader(reader -> join(stream, reader), onClosed);
    }

    /** A WebSocket that is told labels and their counts. Otherwise like {@link #live}. */
    public FrameHandler labels(String stream, Runnable onClosed) {
        return new LabelsReader(reader -> join(stream, reader), onClosed);
    }

    /** Under the map's lock, so that a feed that is joined is not taken out as one that nobody reads. */
    private Readers join(String stream, Reader reader) {
        boolean isNew = !feeds.containsKey(stream);
        Readers joined = feeds.compute(stream, (name, there) -> {
            StreamFeed feed =
                    there == null ? new StreamFeed(name, counts, listener::add, executor, figures, quiet) : there;
            feed.join(reader);
            return feed;
        });
        if (isNew) {
            listener.add(stream);
        }
        return joined;
    }

    /** Of how many streams somebody reads. */
    public int size() {
        return feeds.size();
    }

    /** Whether Redis tells of commits; they are looked for otherwise. */
    public boolean isTold() {
        return listener.listens();
    }

    public ReaderFigures figures() {
        return figures;
    }

    /** Says good-bye to all readers. */
    @Override
    public void close() {
        listener.close();
        executor.shutdownNow();
        feeds.values().forEach(feed -> feed.close(GOING_AWAY, "the gateway stops; come back in a while"));
    }
}
