package io.tidemark.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/**
 * Asks all the time, and judges each answer: it is true for its cut, and its cut holds all that was in the one before.
 * Ends when it is closed.
 */
final class AskingReader implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PAUSE_MS = 5;

    private final Callable<String> question;
    private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());
    private final Thread thread = new Thread(this::ask, "asking");
    private final Map<String, Long> before = new TreeMap<>();
    private volatile boolean closed;
    private volatile long answers;
    private volatile long ofTheNew;

    AskingReader(Callable<String> question) {
        this.question = question;
        thread.start();
    }

    private void ask() {
        while (!closed) {
            try {
                judge(question.call());
                Thread.sleep(PAUSE_MS);
            } catch (Exception e) { // whatever the way of asking throws is no answer
                wrong.add("no answer: " + e);
            }
        }
    }

    private void judge(String text) throws JsonProcessingException {
        JsonNode answer = JSON.readTree(text);
        JsonNode cut = answer.path("cut");
        boolean isNew = answer.has("answeredBy");
        if (answer.has("error")
                || !answer.path("stream").asText().equals("edits")
                || !counts(answer, "kind").equals(NumberedEvents.expected(cut, "k", 2))
                || isNew && !counts(answer, "size").equals(NumberedEvents.expected(cut, "s", 3))
                || !isNew && ofTheNew > 0) {
            wrong.add("not true: " + text);
        }
        cut.path("offsets").properties().forEach(mark -> {
            long offset = mark.getValue().asLong();
            Long known = before.put(mark.getKey(), offset);
            if (known != null && known > offset) {
                wrong.add("less than before, " + known + " in partition " + mark.getKey() + ": " + text);
            }
        });
        answers++;
        ofTheNew += isNew ? 1 : 0;
    }

    private static Map<String, Long> counts(JsonNode answer, String dimension) {
        Map<String, Long> counts = new TreeMap<>();
        answer.path("counts")
                .path(dimension)
                .properties()
                .forEach(c -> counts.put(c.getKey(), c.getValue().asLong()));
        return counts;
    }

    /** What was no answer, or not a true one. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }

    long answers() {
        return answers;
    }

    /** Answers of the stream that the name was led to. */
    long ofTheNew() {
        return ofTheNew;
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
