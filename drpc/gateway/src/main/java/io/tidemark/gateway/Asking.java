package io.tidemark.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the core on threads of its own, so that a Redis that hangs holds up no WebSocket. What waits too long in the
 * queue is not asked any more: its caller has gone.
 */
final class Asking implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Asking.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int THREADS = 8;
    private static final int MOST_WAITING = 512;
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final int NOT_YET = 409;
    private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final AtomicInteger waiting = new AtomicInteger();
    private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "gateway-later");
        thread.setDaemon(true);
        return thread;
    });
    private final SharedAnswers answers;
    private final ThreadPoolExecutor executor;

    Asking(Functions functions) {
        this.answers = new SharedAnswers(
                question -> answered(functions.ask(question.function(), question.arguments())),
                question -> functions.commit(question.function(), question.arguments()),
                System::nanoTime);
        this.executor = new ThreadPoolExecutor(
                THREADS, THREADS, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), task -> {
                    Thread thread = new Thread(task, "gateway-ask");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
    }

    /**
     * Asks, and asks again for as long as the caller wants to wait for a cut that is not there yet. No thread waits
     * meanwhile.
     *
     * @param done is called once, on a thread of this
     */
    void ask(Question question, Duration wait, Consumer<Answered> done) {
        ask(question, System.nanoTime() + wait.toNanos(), SHORTEST_PAUSE_NANOS, done);
    }

    private void ask(Question question, long until, long pause, Consumer<Answered> done) {
        Consumer<Answered> found = answered -> {
            long left = until - System.nanoTime();
            if (answered.status() == NOT_YET && left > 0) {
                again(question, until, Math.min(left, pause), done, answered);
            } else {
                done.accept(answered);
            }
        };
        run(() -> answers.ask(question, answered -> orError(() -> found.accept(answered), done)), done);
    }

    private void again(Question question, long until, long pause, Consumer<Answered> done, Answered answered) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            done.accept(answered);
            return;
        }
        try {
            later.schedule(
                    () -> {
                        waiting.decrementAndGet();
                        ask(question, until, Math.min(2 * pause, LONGEST_PAUSE_NANOS), done);
                    },
                    pause,
                    TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closing) {
            done.accept(answered);
        }
    }

    /** Runs what reads Redis; {@code done} is told only when there is no room for it, or it fails. */
    void run(Runnable reading, Consumer<Answered> done) {
        long asked = System.nanoTime();
        try {
            executor.execute(() -> {
                if (System.nanoTime() - asked > LONGEST_WAIT_NANOS) {
                    done.accept(busy());
                } else {
                    orError(reading, done);
                }
            });
        } catch (RejectedExecutionException full) {
            done.accept(busy());
        }
    }

    /** A mistake of ours must not leave the caller without an answer. */
    private static void orError(Runnable reading, Consumer<Answered> done) {
        try {
            reading.run();
        } catch (RuntimeException e) {
            LOG.error("a request was not answered", e);
            done.accept(internal(e.toString()));
        }
    }

    static Answered internal(String why) {
        return new Answered(500, Errors.json("internal", "an error that nobody foresaw: " + why));
    }

    private static Answered busy() {
        return new Answered(503, Errors.json("busy", "more is asked than Redis answers in time; ask again later"));
    }

    private static Answered answered(String answer) {
        return new Answered(status(answer), answer);
    }

    private static int status(String answer) {
        try {
            JsonNode error =
                    answer.contains("\"error\"") ? JSON.readTree(answer).get("error") : null;
            return error == null ? 200 : Errors.status(error.path("code").asText());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the core's answer is no JSON: " + answer, e);
        }
    }

    @Override
    public void close() {
        later.shutdownNow();
        executor.shutdown();
    }

    /**
     * An answer and its HTTP status.
     *
     * @param json the core's, as it is; or an error of the gateway
     */
    record Answered(int status, String json) {}
}
