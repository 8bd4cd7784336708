package io.tidemark.client;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Calls on threads of their own, as many as there are connections; a bounded number waits. Thread-safe. */
final class AsyncCalls implements AutoCloseable {
    private static final int MOST_WAITING = 1_000;

    private final ThreadPoolExecutor executor;

    AsyncCalls(int threads) {
        executor = new ThreadPoolExecutor(
                threads, threads, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), task -> {
                    Thread thread = new Thread(task, "tidemark-client");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
    }

    /**
     * Calls soon. A call whose time is over before its turn, or that was cancelled, is not made any more.
     *
     * @return fails with {@link AnswerTimedOutException} then, or with what the call throws
     */
    <T> CompletableFuture<T> call(Duration timeout, Supplier<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Deadline deadline = Deadline.in(timeout);
        try {
            executor.execute(() -> run(result, deadline, call));
        } catch (RejectedExecutionException e) {
            String why = executor.isShutdown() ? "this client is closed" : MOST_WAITING + " questions wait already";
            result.completeExceptionally(new AnswerTimedOutException("not asked: " + why, e));
        }
        return result;
    }

    private static <T> void run(CompletableFuture<T> result, Deadline deadline, Supplier<T> call) {
        if (result.isDone()) {
            return;
        }
        if (deadline.isOver()) {
            result.completeExceptionally(new AnswerTimedOutException(
                    "not asked: its turn did not come within "
                            + deadline.timeout().toMillis() + " ms",
                    null));
            return;
        }
        try {
            result.complete(call.get());
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
