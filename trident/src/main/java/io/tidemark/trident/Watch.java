package io.tidemark.trident;

import io.tidemark.commit.Health;
import io.tidemark.commit.Store;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.plan.EventLog;
import io.tidemark.plan.LogView;
import io.tidemark.plan.Lookout;
import io.tidemark.plan.Readiness;
import io.tidemark.stream.ConfigurationChanges;
import io.tidemark.stream.Refusal;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at store and log, checks included, tells the readiness, and writes what it saw beside the counts, for those who
 * ask how the stream is. Keeps no thread and opens nothing; one thread at a time.
 */
final class Watch {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    private final StreamConfig config;
    private final Store store;
    private final Lookout lookout;
    private final Readiness readiness;
    private final CommittedOffsets offsets;
    private String said = "";

    Watch(StreamConfig config, Store store, EventLog log, Readiness readiness, CommittedOffsets offsets) {
        this.config = config;
        this.store = store;
        this.lookout = new Lookout(config, log);
        this.readiness = readiness;
        this.offsets = offsets;
    }

    /** Looks once. Never throws for what store and log say. @return whether both answered */
    boolean look() {
        Lookout.Sight sight = sight();
        readiness.saw(sight);
        if (sight.unreachable() == null) {
            readiness.told(told());
        }
        Refusal refusal = Optional.ofNullable(sight.refusal()).orElse(readiness.refusal());
        say(refusal != null ? "refused: " + refusal.message() : sight.unreachable());
        SortedMap<Integer, Long> none = new TreeMap<>();
        LogView view = sight.log();
        Health health = view == null
                ? new Health(Writer.name(), none, none, refusal)
                : new Health(Writer.name(), view.first(), view.ends(), view.open(), view.brokerTimes(), refusal);
        try {
            store.report(health);
        } catch (StoreUnavailableException | RefusedException e) {
            LOG.debug("stream {}: could not say how it is: {}", config.name(), e.getMessage());
        }
        if (refusal == null) {
            // Of another topic's or another set's marks nobody should hear.
            sight.marks().ifPresent(marks -> offsets.tell(marks.next()));
        }
        return sight.unreachable() == null;
    }

    /** What tasks in other processes were refused. */
    private Refusal told() {
        try {
            return store.told().orElse(null);
        } catch (StoreUnavailableException | RefusedException e) {
            LOG.debug("stream {}: could not hear what tasks say: {}", config.name(), e.getMessage());
            return null;
        }
    }

    private Lookout.Sight sight() {
        try {
            Lookout.Sight sight = lookout.look(store.marks());
            return sight.refusal() != null && sight.refusal().code().equals("wrong-configuration")
                    ? new Lookout.Sight(sight.marks(), sight.log(), inWords(sight.refusal()), sight.unreachable())
                    : sight;
        } catch (StoreUnavailableException e) {
            return Lookout.Sight.storeAway("Redis: " + e.getMessage());
        } catch (RefusedException e) {
            return new Lookout.Sight(Optional.empty(), null, e.refusal(), null);
        }
    }

    /** With what was changed in the configuration, which the store keeps beside the counts. */
    private Refusal inWords(Refusal refusal) {
        return store.configuration()
                .map(StreamConfigReader::stored)
                .map(was -> ConfigurationChanges.between(was, config))
                .map(changes -> new Refusal(
                        refusal.code(), refusal.message() + ". What was changed: " + String.join("; ", changes)))
                .orElse(refusal);
    }

    /** Each change is said once. */
    private void say(String what) {
        String now = what == null ? "" : what;
        if (!now.equals(said)) {
            said = now;
            if (now.isEmpty()) {
                LOG.info("stream {} goes on", config.name());
            } else {
                LOG.warn("stream {}: {}", config.name(), now);
            }
        }
    }
}
