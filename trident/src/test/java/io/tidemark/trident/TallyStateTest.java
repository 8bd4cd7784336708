package io.tidemark.trident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tidemark.commit.CommitResult;
import io.tidemark.commit.Health;
import io.tidemark.commit.Store;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.plan.Epochs;
import io.tidemark.plan.Marks;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.stream.BundledStreams;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfigReader;
import io.tidemark.tally.Accounts;
import io.tidemark.tally.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.storm.topology.FailedException;
import org.apache.storm.topology.ReportedFailedException;
import org.apache.storm.trident.state.CombinerValueUpdater;
import org.apache.storm.trident.state.ValueUpdater;
import org.junit.jupiter.api.Test;

/** Whatever goes wrong with a commit fails the batch, and a tally that is not its whole plan never gets to the store. */
class TallyStateTest {
    private static final Plan PLAN = plan(new Range(0, 0, 10), new Range(1, 5, 6));

    private final List<Tally> committed = new ArrayList<>();
    private final StreamSignals signals = StreamSignals.of(Map.of(), "tally-state-test");
    private Supplier<CommitResult> answer = () -> new CommitResult.Applied(1);
    private final List<Long> pauses = new ArrayList<>();
    private final TallyState state =
            new TallyState(BundledStreams.wikipedia(), new Answering(), signals, System::nanoTime, pauses::add);

    @Test
    void aTallyOfItsWholePlanIsCommittedHoweverItIsCutAndOrdered() {
        update(tally(PLAN, 0, 4, 10).merge(tally(PLAN, 1, 5, 6)).merge(tally(PLAN, 0, 0, 4)));
        assertThat(committed).hasSize(1);
    }

    @Test
    void aTallyThatMissesAChunkFails() {
        fails(tally(PLAN, 0, 0, 10), "the batch covers [0[0,10)]");
        fails(tally(PLAN, 0, 0, 4).merge(tally(PLAN, 1, 5, 6)), "the batch covers [0[0,4), 1[5,6)]");
    }

    @Test
    void aTallyThatHoldsAChunkTwiceFails() {
        fails(tally(PLAN, 0, 0, 10).merge(tally(PLAN, 1, 5, 6)).merge(tally(PLAN, 0, 3, 4)), "overlap");
    }

    @Test
    void aTallyOfTwoPlansFails() {
        Plan other = plan(new Range(0, 0, 10));
        fails(tally(other, 0, 0, 10).merge(tally(PLAN, 1, 5, 6)), "two plans");
    }

    @Test
    void whatTheStoreSaysFailsTheBatchAndNoMore() {
        Tally whole = tally(PLAN, 0, 0, 10).merge(tally(PLAN, 1, 5, 6));
        answer = () -> new CommitResult.OutOfStep(new TreeMap<>(Map.of(0, 3L)));
        failsInTheStore(whole, "out of step");
        answer = () -> {
            throw new StoreUnavailableException("away", null);
        };
        assertThat(pauses).as("what is out of step is planned again at once").isEmpty();
        failsInTheStore(whole, "away");
        assertThat(pauses)
                .as("a store that cannot now is not asked a hundred times a second")
                .containsExactly(100_000_000L);
        answer = () -> {
            throw new RefusedException("foreign-value", "key x holds y");
        };
        failsInTheStore(whole, "foreign-value");
        assertThat(signals.readiness().refusal().code()).isEqualTo("foreign-value");
        answer = () -> {
            throw new IllegalStateException("a fault of the program");
        };
        failsInTheStore(whole, "a fault of the program");
        assertThat(signals.readiness().refusal().code()).isEqualTo("internal-error");
        answer = CommitResult.AlreadyApplied::new;
        update(whole);
        assertThat(pauses).hasSize(1);
    }

    /** The node of one shard may be away: the others' counts need not wait for it. */
    @Test
    void aShardThatCannotBeCommittedFailsTheBatchAndHoldsUpNoOtherShard() {
        answer = () -> {
            answer = () -> new CommitResult.Applied(1);
            throw new StoreUnavailableException("away", null);
        };
        List<Tally> shards = List.of(tally(PLAN, 0, 0, 10), tally(PLAN, 1, 5, 6));
        assertThatExceptionOfType(FailedException.class)
                .isThrownBy(() -> updateTwo(shards))
                .withMessageContaining("away");
        assertThat(committed).isEqualTo(shards);
    }

    /** In Storm's UI too, which shows no failure that is only tried again. */
    @Test
    void whatAShardWasRefusedIsReportedThoughTheNodeOfAnotherIsAway() {
        Supplier<CommitResult> refused = () -> {
            throw new RefusedException("foreign-value", "key x holds y");
        };
        Supplier<CommitResult> away = () -> {
            throw new StoreUnavailableException("away", null);
        };
        for (List<Supplier<CommitResult>> both : List.of(List.of(away, refused), List.of(refused, away))) {
            answer = () -> {
                answer = both.get(1);
                return both.get(0).get();
            };
            assertThatExceptionOfType(ReportedFailedException.class)
                    .isThrownBy(() -> updateTwo(List.of(tally(PLAN, 0, 0, 10), tally(PLAN, 1, 5, 6))))
                    .withMessageContaining("key x holds y")
                    .satisfies(thrown -> assertThat(thrown.getSuppressed())
                            .singleElement()
                            .asString()
                            .contains("away"));
        }
    }

    @SuppressWarnings("rawtypes") // as Trident declares it
    private void updateTwo(List<Tally> shards) {
        TallyState ofTwo = new TallyState(
                StreamConfigReader.stored(BundledStreams.wikipedia().text() + "\nshards: 2\n"),
                new Answering(),
                signals,
                System::nanoTime,
                pauses::add);
        ofTwo.multiUpdate(
                List.of(List.of("wiki.0"), List.of("wiki.1")),
                shards.stream()
                        .<ValueUpdater>map(tally -> new CombinerValueUpdater(new TallyCombiner(), tally))
                        .toList());
    }

    private void failsInTheStore(Tally tally, String why) {
        assertThatExceptionOfType(FailedException.class)
                .isThrownBy(() -> update(tally))
                .withMessageContaining(why);
    }

    private void fails(Tally tally, String why) {
        failsInTheStore(tally, why);
        assertThat(committed).isEmpty();
    }

    private void update(Tally tally) {
        state.multiUpdate(List.of(List.of("wiki")), List.of(new CombinerValueUpdater(new TallyCombiner(), tally)));
    }

    private static Tally tally(Plan plan, int partition, long first, long end) {
        return Tally.of(new Tally.Part(
                plan,
                new Range(partition, first, end),
                Epochs.UNKNOWN,
                Long.MIN_VALUE,
                Accounts.NONE,
                Map.of(),
                List.of(),
                Map.of()));
    }

    private static Plan plan(Range... ranges) {
        SortedMap<Integer, Range> byPartition = new TreeMap<>();
        for (Range range : ranges) {
            byPartition.put(range.partition(), range);
        }
        return new Plan("wiki", "topic", "fingerprint", "store", new TreeMap<>(), byPartition, new TreeMap<>());
    }

    /** A store that answers what the test says. */
    private final class Answering implements Store {
        @Override
        public CommitResult commit(Tally tally) {
            committed.add(tally);
            return answer.get();
        }

        @Override
        public Optional<Marks> marks() {
            return Optional.empty();
        }

        @Override
        public Optional<String> configuration() {
            return Optional.empty();
        }

        @Override
        public Optional<String> startedOverAs() {
            return Optional.empty();
        }

        @Override
        public Marks initialise(SortedMap<Integer, Long> start, String topicId, String storeId) {
            throw new UnsupportedOperationException("a state initialises nothing");
        }

        @Override
        public int removeGoneBuckets() {
            return 0;
        }

        @Override
        public void report(Health health) {
            throw new UnsupportedOperationException("a state reports nothing");
        }

        @Override
        public void reset() {
            throw new UnsupportedOperationException("a state resets nothing");
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
