package io.tidemark.gateway.live;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The readers of one stream, or of a name that leads to one. Told that there may be a new cut, it reads one, at most ten times a second however many
 * commits there are, and gives it to all readers. Thread-safe.
 */
final class StreamFeed implements Readers {
    private static final Logger LOG = LoggerFactory.getLogger(StreamFeed.class);
    private static final Duration BETWEEN_READS = Duration.ofMillis(100);

    /** So many commits that were only found by looking are no chance any more. */
    private static final int UNANNOUNCED = 3;

    private final String stream;
    private final UnaryOperator<String> counts;
    private final Consumer<String> leads;
    private final ScheduledExecutorService executor;
    private final ReaderFigures figures;
    private final Duration quiet;
    private final Set<Reader> readers = ConcurrentHashMap.newKeySet();

    private boolean planned;
    private boolean toldMeanwhile;
    private long lastRead = System.nanoTime() - BETWEEN_READS.toNanos();
    private long lastSaid = System.nanoTime();
    private boolean byItself;
    private int unannounced;
    private long seq;
    private JsonNode newest;
    private State state;
    private volatile String answeredBy;

    /**
     * @param counts answers a {@code counts} question about this stream
     * @param leads is told the stream whose counts these are, each time it becomes another one
     */
    StreamFeed(
            String stream,
            UnaryOperator<String> counts,
            Consumer<String> leads,
            ScheduledExecutorService executor,
            ReaderFigures figures,
            Duration quiet) {
        this.stream = stream;
        this.counts = counts;
        this.leads = leads;
        this.answeredBy = stream;
        this.executor = executor;
        this.figures = figures;
        this.quiet = quiet;
    }

    /** Redis told of a commit. */
    synchronized void told() {
        unannounced = 0;
        look();
    }

    /** There may be something new. */
    private synchronized void look() {
        if (planned) {
            toldMeanwhile = true;
            return;
        }
        plan(lastRead + BETWEEN_READS.toNanos() - System.nanoTime());
    }

    private void plan(long nanos) {
        planned = true;
        toldMeanwhile = false;
        try {
            executor.schedule(this::read, Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closing) {
            LOG.debug("feed of {} ends", stream);
        }
    }

    private void read() {
        JsonNode answer;
        try {
            answer = Messages.parse(counts.apply(stream));
        } catch (RuntimeException e) {
            LOG.error("stream {} was not read; the next look tries again", stream, e);
            done();
            return;
        }
        publish(answer);
        done();
    }

    private synchronized void done() {
        lastRead = System.nanoTime();
        planned = false;
        if (toldMeanwhile) {
            plan(BETWEEN_READS.toNanos());
        }
    }

    private synchronized void publish(JsonNode answer) {
        if (answer.has("error")) {
            // Once: readers keep it until it is over.
            if (state == null || !state.isDown()) {
                say(State.down(
                        ++seq,
                        Messages.down(
                                stream, answer.path("error"), Instant.now().toString())));
            }
            newest = null;
            return;
        }
        String from = Messages.answeredBy(answer);
        if (!from.equals(answeredBy)) {
            answeredBy = from;
            leads.accept(from);
        }
        if (!Messages.isSame(newest, answer)) {
            unannounced = byItself && newest != null ? unannounced + 1 : 0;
            say(Messages.state(++seq, newest, answer));
        }
        newest = answer;
        byItself = false;
    }

    /** Whether commits were found again and again that nobody had told of. It is asked once. */
    synchronized boolean isNotTold() {
        boolean isNotTold = unannounced >= UNANNOUNCED;
        if (isNotTold) {
            unannounced = 0;
        }
        return isNotTold;
    }

    private void say(State next) {
        state = next;
        lastSaid = System.nanoTime();
        readers.forEach(reader -> reader.offer(next));
    }

    /**
     * What time alone asks for: a look whether there is something that nobody told of, a word where it has been quiet,
     * a look after readers that do not read.
     *
     * @param look how long nothing may have been read
     */
    void tick(Duration look, Duration stalled) {
        long now = System.nanoTime();
        byte[] word = null;
        synchronized (this) {
            if (now - lastRead > look.toNanos()) {
                byItself = true;
                look();
            }
            if (now - lastSaid > quiet.toNanos() && newest != null) {
                lastSaid = now;
                word = Messages.quiet(newest, Instant.now().toString());
            }
        }
        for (Reader reader : readers) {
            if (word != null && reader instanceof LiveReader) {
                reader.mention(word);
            }
            reader.lookAfter(now, stalled.toNanos(), quiet.toNanos());
        }
    }

    /** Whose commits are news for these readers: the name's own stream, and the one that it leads to. */
    Set<String> streams() {
        return Set.copyOf(List.of(stream, answeredBy)); // two that may be one
    }

    boolean isEmpty() {
        return readers.isEmpty();
    }

    void close(int code, String reason) {
        readers.forEach(reader -> reader.close(code, reason));
    }

    synchronized void join(Reader reader) {
        readers.add(reader);
        figures.opened(reader);
        if (state == null) {
            look();
        } else {
            reader.offer(state);
        }
    }

    @Override
    public void closed(Reader reader) {
        if (readers.remove(reader)) {
            figures.closed(reader);
        }
    }

    @Override
    public void cutOff(Reader reader) {
        figures.cutOff();
        closed(reader);
    }

    @Override
    public void missed(long states) {
        figures.missed(states);
    }
}
