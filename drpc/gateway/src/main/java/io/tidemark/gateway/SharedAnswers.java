package io.tidemark.gateway;

import io.tidemark.gateway.Asking.Answered;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Reads what many ask for once for each cut: every open page asks for the same lists of 24 hours. Before an answer is
 * given to another caller, one small command asks Redis for the last commit; so nobody gets an older cut than by asking
 * alone. What depends on the clock too (which minute is now, how the coordinator is) is at most a second old, as the
 * answer's {@code readAt} says. Thread-safe.
 */
final class SharedAnswers {
    /** Counts and status cost no more than asking for the last commit. */
    private static final Set<String> WORTH_IT = Set.of("trend", "top", "ask");

    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Together they bound the memory: 9 million characters. */
    private static final int MOST_KEPT = 64;

    private static final int LONGEST_QUESTION = 10_000;
    private static final int LONGEST_ANSWER = 128 << 10;

    private final Function<Question, Answered> reading;
    private final Function<Question, Optional<String>> commits;
    private final LongSupplier nanoTime;

    /** The oldest first. */
    private final Map<Question, Shared> kept = new LinkedHashMap<>();

    /**
     * @param commit the last one before it was read
     * @param answer is there once it has been read
     */
    private record Shared(String commit, long askedNanos, CompletableFuture<Answered> answer) {}

    /**
     * @param reading answers from Redis
     * @param commits says which commit was the last one of the question's stream; empty when it cannot
     */
    SharedAnswers(
            Function<Question, Answered> reading, Function<Question, Optional<String>> commits, LongSupplier nanoTime) {
        this.reading = reading;
        this.commits = commits;
        this.nanoTime = nanoTime;
    }

    /**
     * Answers on this thread, or on that of another caller who is reading the same already.
     *
     * @param done is called once, unless this throws
     */
    void ask(Question question, Consumer<Answered> done) {
        boolean isWorthIt =
                WORTH_IT.contains(question.function()) && question.arguments().length() <= LONGEST_QUESTION;
        Optional<String> commit = isWorthIt ? commits.apply(question) : Optional.empty();
        if (commit.isEmpty()) {
            done.accept(reading.apply(question));
            return;
        }
        Shared mine = new Shared(commit.get(), nanoTime.getAsLong(), new CompletableFuture<>());
        Shared shared = sharedOr(question, mine);
        if (shared == mine) {
            done.accept(read(question, mine));
        } else {
            shared.answer().whenComplete((answer, failure) -> done.accept(answer));
        }
    }

    private synchronized Shared sharedOr(Question question, Shared mine) {
        for (Iterator<Shared> oldest = kept.values().iterator(); oldest.hasNext(); ) {
            if (mine.askedNanos() - oldest.next().askedNanos() < LONGEST_NANOS) {
                break;
            }
            oldest.remove();
        }
        Shared there = kept.get(question);
        if (there != null && there.commit().equals(mine.commit())) {
            return there;
        }
        kept.remove(question);
        kept.put(question, mine);
        if (kept.size() > MOST_KEPT) {
            kept.remove(kept.keySet().iterator().next());
        }
        return mine;
    }

    private Answered read(Question question, Shared mine) {
        Answered answer = Asking.internal("it was not read");
        try {
            answer = reading.apply(question);
            return answer;
        } finally {
            // Who asks after an error asks Redis again.
            if (answer.status() != 200 || answer.json().length() > LONGEST_ANSWER) {
                forget(question, mine);
            }
            mine.answer().complete(answer);
        }
    }

    private synchronized void forget(Question question, Shared mine) {
        kept.remove(question, mine);
    }
}
