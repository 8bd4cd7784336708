package io.tidemark.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.gateway.Asking.Answered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class SharedAnswersTest {
    private static final Question TOP = new Question("top", "page");

    private final AtomicInteger reads = new AtomicInteger();
    private final List<String> got = new ArrayList<>();
    private Optional<String> commit = Optional.of("wiki 1");
    private long now;
    private Function<Question, Answered> reading = question -> new Answered(200, "answer " + reads.incrementAndGet());
    private final SharedAnswers answers =
            new SharedAnswers(question -> reading.apply(question), question -> commit, () -> now);

    private void ask(Question question) {
        answers.ask(question, answered -> got.add(answered.json()));
    }

    @Test
    void oneCutIsReadOnceHoweverManyAsk() {
        ask(TOP);
        ask(TOP);
        ask(new Question("top", "user"));
        ask(TOP);

        assertThat(got).containsExactly("answer 1", "answer 1", "answer 2", "answer 1");
    }

    @Test
    void aNewCommitIsReadAtOnce() {
        ask(TOP);
        commit = Optional.of("wiki 2");
        ask(TOP);
        commit = Optional.of("wiki 1");
        ask(TOP);

        assertThat(got).containsExactly("answer 1", "answer 2", "answer 3");
    }

    @Test
    void whatTheClockChangesIsAtMostASecondOld() {
        ask(TOP);
        now += Duration.ofMillis(999).toNanos();
        ask(TOP);
        now += Duration.ofMillis(1).toNanos();
        ask(TOP);

        assertThat(got).containsExactly("answer 1", "answer 1", "answer 2");
    }

    @Test
    void whoAsksWhileItIsReadIsAnsweredWithIt() {
        reading = question -> {
            if (reads.incrementAndGet() == 1) {
                ask(TOP);
                assertThat(got).isEmpty();
            }
            return new Answered(200, "answer " + reads);
        };
        ask(TOP);

        assertThat(got).containsExactly("answer 1", "answer 1");
    }

    @Test
    void errorsAreToldButNotKept() {
        reading = question -> new Answered(503, "error " + reads.incrementAndGet());
        ask(TOP);
        ask(TOP);
        reading = question -> {
            reads.incrementAndGet();
            ask(TOP);
            throw new IllegalStateException("broken");
        };
        reads.set(0);

        assertThatThrownBy(() -> answers.ask(TOP, answered -> got.add("never"))).hasMessage("broken");
        assertThat(got.subList(0, 2)).containsExactly("error 1", "error 2");
        assertThat(got.get(2)).contains("\"internal\"");
        assertThat(got).hasSize(3);
    }

    @Test
    void countsAndWhatHasNoKnownCommitAreReadEachTime() {
        ask(new Question("counts", "bot"));
        ask(new Question("counts", "bot"));
        commit = Optional.empty();
        ask(TOP);
        ask(TOP);

        assertThat(reads).hasValue(4);
    }

    @Test
    void memoryIsBoundedByNumberAndLength() {
        ask(TOP);
        for (int i = 0; i < 64; i++) {
            ask(new Question("top", "page n=" + i));
        }
        ask(TOP);
        assertThat(reads).as("the oldest of 65 was forgotten").hasValue(66);

        Question long1 = new Question("top", "x".repeat(10_001));
        ask(long1);
        ask(long1);
        assertThat(reads).hasValue(68);

        reading = question -> new Answered(200, "x".repeat(200_000) + reads.incrementAndGet());
        ask(new Question("trend", ""));
        ask(new Question("trend", ""));
        assertThat(reads).hasValue(70);
    }
}
