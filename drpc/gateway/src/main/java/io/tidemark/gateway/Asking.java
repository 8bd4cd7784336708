package io.tidemark.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Asks the core on threads of its own, so that a Redis that hangs holds up no WebSocket. What waits too long in the
 * queue is not asked any more: its caller has gone.
 */
final class Asking implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int THREADS = 8;
    private static final int MOST_WAITING = 512;
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final Functions functions;
    private final ThreadPoolExecutor executor;

    Asking(Functions functions) {
        this.functions = functions;
        this.executor = new ThreadPoolExecutor(
                THREADS, THREADS, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), task -> {
                    Thread thread = new Thread(task, "gateway-ask");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
    }

    /** @param done is called once, on a thread of this */
    void ask(Question question, Consumer<Answered> done) {
        run(() -> done.accept(answered(question)), done);
    }

    /** Runs what reads Redis; {@code done} is told only when there is no room for it. */
    void run(Runnable reading, Consumer<Answered> done) {
        long asked = System.nanoTime();
        try {
            executor.execute(() -> {
                if (System.nanoTime() - asked > LONGEST_WAIT_NANOS) {
                    done.accept(busy());
                } else {
                    reading.run();
                }
            });
        } catch (RejectedExecutionException full) {
            done.accept(busy());
        }
    }

    private static Answered busy() {
        return new Answered(503, Errors.json("busy", "more is asked than Redis answers in time; ask again later"));
    }

    private Answered answered(Question question) {
        String answer = functions.ask(question.function(), question.arguments());
        if (answer == null) {
            return new Answered(
                    501, Errors.json("not-supported", "this version does not answer " + question.function()));
        }
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
        executor.shutdownNow();
    }

    /**
     * An answer and its HTTP status.
     *
     * @param json the core's, as it is; or an error of the gateway
     */
    record Answered(int status, String json) {}
}
