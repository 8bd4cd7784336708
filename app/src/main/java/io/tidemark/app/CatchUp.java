package io.tidemark.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.app.show.Numbers;
import io.tidemark.app.show.Terminal;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.commit.StreamAliases;
import io.tidemark.commit.StreamAliases.Led;
import io.tidemark.query.Answers;
import java.io.PrintStream;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Waits until a stream has been counted from the beginning to the topic's end, and lets the name lead to it then: in one
 * step, at a moment when it has counted at least as far as the one before. Used by one thread.
 */
final class CatchUp {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long LOOK_MS = 500;
    private static final long BETWEEN_TRIES_MS = 10;
    private static final int TRIES = 100;

    /** Looks at which it was at the topic's end but behind the other one, before that is said. */
    private static final int LOOKS_BEHIND = 20;

    private static final Set<String> NOT_BEGUN = Set.of("unknown-stream", "not-initialised");

    private final Answers answers;
    private final StreamAliases aliases;
    private final Backfill backfill;
    private final Consumer<String> say;
    private final String ifNobodyCounts;
    private String said = "";
    private int looksBehind;

    /**
     * @param say is told in a line each what a user should know
     * @param ifNobodyCounts what a user can do when nobody counts it
     */
    CatchUp(Answers answers, StreamAliases aliases, Backfill backfill, Consumer<String> say, String ifNobodyCounts) {
        this.answers = answers;
        this.aliases = aliases;
        this.backfill = backfill;
        this.say = say;
        this.ifNobodyCounts = ifNobodyCounts;
    }

    /**
     * Returns when the name leads to the stream.
     *
     * @throws CommandFailedException when that will not happen by itself
     */
    void await(PrintStream out, boolean onTerminal) throws InterruptedException {
        try (RecountProgress progress = new RecountProgress(out, onTerminal, "Counting " + backfill.to())) {
            while (!look(progress)) {
                Thread.sleep(LOOK_MS);
            }
        }
    }

    /** @return whether it is done */
    private boolean look(RecountProgress progress) throws InterruptedException {
        JsonNode status = status();
        JsonNode error = status.path("error");
        if (NOT_BEGUN.contains(error.path("code").asText())) {
            once("Nobody counts stream " + backfill.to() + " yet. " + ifNobodyCounts);
            return false;
        }
        if (error.path("code").asText().equals("store-unavailable")) {
            once(error.path("message").asText() + "; it is tried again.");
            return false;
        }
        if (!error.isMissingNode()) {
            throw new CommandFailedException(
                    ExitCodes.FAILED, error.path("message").asText());
        }
        JsonNode refused = status.path("refused");
        if (refused.isObject()) {
            throw new CommandFailedException(
                    ExitCodes.FAILED,
                    "stream " + backfill.to() + " is not counted: "
                            + refused.path("message").asText() + ". Readers of " + backfill.alias()
                            + " are answered by " + backfill.from() + " as before.");
        }
        long start = sum(status.at("/cut/start"));
        progress.at(sum(status.at("/cut/offsets")) - start, sum(status.path("end")) - start);
        if (!status.at("/components/coordinator").asText().equals("up")) {
            once(status.path("why").asText() + " " + ifNobodyCounts);
            return false;
        }
        said = "";
        return status.path("lag").asLong(-1) == 0 && lead();
    }

    private JsonNode status() {
        try {
            String stream = JSON.writeValueAsString(backfill.to());
            return JSON.readTree(answers.status("{\"stream\":" + stream + "}"));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the core's answer is no JSON", e);
        }
    }

    private static long sum(JsonNode byPartition) {
        long sum = 0;
        for (JsonNode offset : byPartition) {
            sum += offset.asLong();
        }
        return sum;
    }

    /** Both go on counting, each at its own pace: at some moment the new one is not behind. */
    private boolean lead() throws InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            Led led;
            try {
                led = aliases.lead(backfill.alias(), backfill.from(), backfill.to());
            } catch (StoreUnavailableException away) {
                once(away.getMessage() + "; it is tried again.");
                return false;
            }
            if (led instanceof Led.Done) {
                return true;
            }
            if (led instanceof Led.Elsewhere elsewhere) {
                throw new CommandFailedException(
                        ExitCodes.FAILED,
                        "readers of " + backfill.alias() + " are answered by stream " + elsewhere.stream()
                                + " now: somebody else has switched it. Nothing was changed.");
            }
            if (i == TRIES - 1 && led instanceof Led.Behind behind && ++looksBehind == LOOKS_BEHIND) {
                once("Stream " + backfill.to() + " is at the end of the topic, but never as far as " + backfill.from()
                        + " (" + Numbers.grouped(behind.sum()) + " records behind). Give it as many tasks, or stop"
                        + " counting " + backfill.from() + ": it is switched then.");
            }
            Thread.sleep(BETWEEN_TRIES_MS);
        }
        return false;
    }

    private void once(String what) {
        if (!what.equals(said)) {
            said = what;
            say.accept(Terminal.harmlessLines(what));
        }
    }
}
