package io.tidemark.trident;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.oracle.AnswerCheck;
import io.tidemark.oracle.Differences;
import io.tidemark.oracle.Recount;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;

/** Asks for counts all the time, whatever happens meanwhile, and keeps each answer until it can be judged. */
final class Asking implements AutoCloseable {
    private static final List<String> QUERIES =
            List.of("", "bot human", "g2_edit g3_Anon", "wiki:enwiki", "g2_nothing");
    private static final long PAUSE_MS = 20;

    private final UnaryOperator<String> answering;
    private final List<Answered> answers = new ArrayList<>();
    private final Map<String, Integer> errors = new ConcurrentSkipListMap<>();
    private final Thread thread = new Thread(this::ask, "asking");
    private volatile boolean closed;

    private record Answered(String query, String answer) {}

    /** @param answering a question's JSON answer; what it throws is taken for an answer that did not come */
    Asking(UnaryOperator<String> answering) {
        this.answering = answering;
        thread.setDaemon(true);
        thread.start();
    }

    private void ask() {
        for (int i = 0; !closed; i++) {
            String query = QUERIES.get(i % QUERIES.size());
            try {
                Thread.sleep(PAUSE_MS);
                String answer = answering.apply(query);
                JsonNode error = new ObjectMapper().readTree(answer).path("error");
                if (error.isMissingNode()) {
                    synchronized (answers) {
                        answers.add(new Answered(query, answer));
                    }
                } else {
                    errors.merge(error.path("code").asText(), 1, Integer::sum);
                }
            } catch (JsonProcessingException e) {
                errors.merge("no JSON", 1, Integer::sum);
            } catch (RuntimeException e) {
                errors.merge(e.getClass().getSimpleName(), 1, Integer::sum);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** What came instead of answers: codes of errors and how often. */
    Map<String, Integer> errors() {
        return errors;
    }

    int answered() {
        synchronized (answers) {
            return answers.size();
        }
    }

    /**
     * Each answer that was given must be what a recount of the topic gives at the offsets that it states.
     *
     * @return how many different cuts were seen
     */
    int assertTrue(Recount recount) {
        AnswerCheck check = new AnswerCheck(recount);
        List<String> wrong = new ArrayList<>();
        Set<Map<Integer, Long>> cuts = new HashSet<>();
        synchronized (answers) {
            for (Answered each : answers) {
                Differences differences = check.check(each.query(), each.answer());
                if (!differences.none()) {
                    wrong.add("\"" + each.query() + "\": " + differences + "\n  " + each.answer());
                }
                cuts.add(AnswerCheck.offsets(each.answer()));
            }
            assertThat(wrong.stream().limit(3))
                    .as("%d of %d answers are wrong", wrong.size(), answers.size())
                    .isEmpty();
            answers.clear();
        }
        assertThat(errors).doesNotContainKeys("inconsistent", "no JSON");
        return cuts.size();
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
