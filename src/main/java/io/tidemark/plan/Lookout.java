package io.tidemark.plan;

import io.tidemark.stream.Refusal;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfig;
import java.util.Optional;

/**
 * Looks at marks and log apart from planning, so that a stream at rest is checked too: a mark beyond the end of a topic
 * that was created anew would else just never be behind. Keeps no thread and no clock; one thread at a time.
 */
public final class Lookout {
    private final StreamConfig config;
    private final StreamChecks checks;
    private final EventLog log;

    public Lookout(StreamConfig config, EventLog log) {
        this.config = config;
        this.checks = new StreamChecks(config);
        this.log = log;
    }

    /**
     * What was seen at one look.
     *
     * @param marks of the stream; empty when it is not initialised, or could not be read
     * @param log null when it could not be read
     * @param refusal why nothing may be counted; null when it may, or that could not be found out
     * @param unreachable what did not answer, for a person; null when both store and log did
     */
    public record Sight(Optional<Marks> marks, LogView log, Refusal refusal, String unreachable) {
        /** The store did not answer. */
        public static Sight storeAway(String why) {
            return new Sight(Optional.empty(), null, null, why);
        }
    }

    /**
     * Looks at the log. Never throws.
     *
     * @param marks read before this: they must be older than the ends that they are compared with
     */
    public Sight look(Optional<Marks> marks) {
        LogView view = null;
        try {
            view = LogView.wholeOf(log);
            if (marks.isPresent()) {
                checks.checkMarks(marks.get());
                checks.checkLog(marks.get(), view);
            }
            return new Sight(marks, view, null, null);
        } catch (RefusedException e) {
            return new Sight(marks, view, e.refusal(), null);
        } catch (LogUnavailableException e) {
            return new Sight(marks, view, null, "stream " + config.name() + ": Kafka: " + e.getMessage());
        }
    }
}
