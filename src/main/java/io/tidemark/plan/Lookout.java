package io.tidemark.plan;

import io.tidemark.commit.Health;
import io.tidemark.commit.Store;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.stream.Refusal;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfig;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Looks at store and log apart from planning, so that a stream at rest is checked too: a mark beyond the end of a topic
 * that was created anew would else just never be behind. Keeps no thread and no clock; one thread at a time.
 */
public final class Lookout {
    private final StreamConfig config;
    private final StreamChecks checks;
    private final Store store;
    private final EventLog log;

    public Lookout(StreamConfig config, Store store, EventLog log) {
        this.config = config;
        this.checks = new StreamChecks(config);
        this.store = store;
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
        /** As it is kept beside the counts. @param why the stream is refused, by this sight or else; null if not */
        public Health health(String writer, Refusal why) {
            SortedMap<Integer, Long> none = new TreeMap<>();
            return new Health(writer, log == null ? none : log.first(), log == null ? none : log.ends(), why);
        }
    }

    /** Looks at the store first, since marks must be older than the ends that they are compared with. Never throws. */
    public Sight look() {
        Optional<Marks> marks = Optional.empty();
        LogView view = null;
        try {
            marks = store.marks();
            view = LogView.of(log);
            if (marks.isPresent()) {
                checks.checkMarks(marks.get());
                checks.checkLog(marks.get(), view);
            }
            return new Sight(marks, view, null, null);
        } catch (RefusedException e) {
            return new Sight(marks, view, e.refusal(), null);
        } catch (StoreUnavailableException e) {
            return new Sight(marks, view, null, "stream " + config.name() + ": Redis: " + e.getMessage());
        } catch (LogUnavailableException e) {
            return new Sight(marks, view, null, "stream " + config.name() + ": Kafka: " + e.getMessage());
        }
    }
}
