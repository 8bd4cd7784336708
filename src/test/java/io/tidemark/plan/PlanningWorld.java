package io.tidemark.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.stream.Aliases;
import io.tidemark.stream.Deployment;
import io.tidemark.stream.StreamConfig;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What a coordinator plans against, as a test wants it: a log that is nothing but offsets, and a store that is nothing
 * but marks, with the commit's rule.
 */
final class PlanningWorld implements EventLog, MarkStore {
    final SortedMap<Integer, Long> first = new TreeMap<>();
    final SortedMap<Integer, Long> ends = new TreeMap<>();
    String topicId = "topic-1";
    boolean compacted;
    Marks marks;
    private String startedOverAs;
    long now;
    /** Happens once, between two of the questions that a look at the log asks. */
    Runnable whileLookedAt = () -> {};

    static StreamConfig config(StreamConfig.StartAt startAt) {
        return new StreamConfig(
                "wiki",
                "WikiPediaLogs",
                startAt,
                true,
                false,
                1,
                List.of(),
                Duration.ofHours(1),
                Map.of(),
                null,
                new Aliases(Map.of()),
                Deployment.NONE,
                "fingerprint-1",
                "text");
    }

    /** Commits as the store does. @return whether the plan is in the counts afterwards */
    boolean commit(Plan plan) {
        if (marks == null
                || !marks.storeId().equals(plan.storeId())
                || !marks.topicId().equals(plan.topicId())) {
            return false;
        }
        if (plan.ranges().values().stream().allMatch(range -> marks.of(range.partition()) == range.end())) {
            return true;
        }
        if (!Planner.beginsAt(plan.ranges(), marks.next())) {
            return false;
        }
        SortedMap<Integer, Long> next = new TreeMap<>(marks.next());
        plan.ranges().forEach((partition, range) -> next.put(partition, range.end()));
        setMarks(next);
        return true;
    }

    void setMarks(SortedMap<Integer, Long> next) {
        marks = new Marks(
                marks.storeId(),
                marks.topicId(),
                marks.fingerprint(),
                marks.start(),
                next,
                marks.leaderEpochs(),
                marks.frozen(),
                marks.version() + 1);
    }

    @Override
    public Optional<Marks> marks() {
        return Optional.ofNullable(marks);
    }

    /** The counts go, as they are meant to. */
    void startOver(String next) {
        marks = null;
        startedOverAs = next;
    }

    @Override
    public Optional<String> startedOverAs() {
        return Optional.ofNullable(startedOverAs);
    }

    @Override
    public Marks initialise(SortedMap<Integer, Long> start, String topic, String storeId) {
        if (marks == null) {
            assertThat(storeId).isEqualTo(startedOverAs().orElse(storeId));
            marks = new Marks(storeId, topic, "fingerprint-1", start, start, new TreeMap<>(), "", 0);
        }
        return marks;
    }

    @Override
    public String topicId() {
        return topicId;
    }

    @Override
    public boolean compacted() {
        return compacted;
    }

    @Override
    public SortedMap<Integer, Long> firstOffsets() {
        return new TreeMap<>(first);
    }

    @Override
    public SortedMap<Integer, Long> endOffsets() {
        Runnable happens = whileLookedAt;
        whileLookedAt = () -> {};
        SortedMap<Integer, Long> before = new TreeMap<>(ends);
        happens.run();
        return before;
    }

    @Override
    public void read(Plan plan, Collection<Range> ranges, int maxRecords, Duration timeout, Consumer<Chunk> chunks) {
        throw new UnsupportedOperationException("planning reads nothing");
    }

    @Override
    public SortedMap<Integer, Long> awaitRecords(SortedMap<Integer, Long> positions, Duration timeout) {
        throw new UnsupportedOperationException("planning waits for nothing");
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
