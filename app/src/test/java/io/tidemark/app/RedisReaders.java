package io.tidemark.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.app.Questions.Answered;
import io.tidemark.commit.RedisAddress;
import io.tidemark.query.Answers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks for several dimensions all the time, straight from Redis with the reader that every way of asking uses, on several
 * threads, and keeps each answer in the order in which its thread got it.
 */
final class RedisReaders implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int READERS = 3;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(12);
    private static final long PAUSE_WHEN_AWAY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Answers answers;
    private final List<Thread> threads = new ArrayList<>();
    private final List<List<Answered>> read = new ArrayList<>();
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();
    private final AtomicInteger answered = new AtomicInteger();
    private volatile boolean closed;

    /** @param redis stays where it is when it is started again */
    RedisReaders(RedisAddress redis) {
        answers = new Answers(redis);
        for (int i = 0; i < READERS; i++) {
            List<Answered> mine = new ArrayList<>();
            read.add(mine);
            Thread thread = new Thread(() -> read(mine), "redis-reader-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private void read(List<Answered> mine) {
        for (int i = 0; !closed; i++) {
            String query = Questions.QUERIES.get(i % Questions.QUERIES.size());
            String answer = answers.counts(query);
            if (answer.contains("\"error\":")) {
                failures.merge(code(answer), 1, Integer::sum);
                LockSupport.parkNanos(PAUSE_WHEN_AWAY_NANOS);
            } else {
                mine.add(new Answered(query, answer));
                answered.incrementAndGet();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private static String code(String answer) {
        try {
            return JSON.readTree(answer).at("/error/code").asText();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer that is no JSON: " + answer, e);
        }
    }

    /** How many answers were got. */
    int answered() {
        return answered.get();
    }

    /** The answers of each thread, when they have stopped. */
    List<List<Answered>> answers() {
        return read;
    }

    /** What was got instead of an answer, by the error's code, and how often. */
    Map<String, Integer> failures() {
        return failures;
    }

    /** Asks no more. */
    void stop() throws InterruptedException {
        closed = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Override
    public void close() {
        closed = true;
        answers.close();
    }
}
