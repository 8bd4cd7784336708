package io.tidemark.commit;

import io.tidemark.plan.Marks;
import io.tidemark.plan.Range;
import io.tidemark.stream.Refusal;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.Shard;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The store of a stream with several shards, over a store for each. What is said of one step holds for each shard
 * alone: a commit goes to one of them, and the marks of all are read one shard after the other. So the marks may stand
 * between two batches, which is no boundary of any of them, and right all the same. May be used by several threads if
 * the shards' stores may.
 */
public final class ShardedStore implements Store {
    private final StreamConfig config;
    private final List<Shard> shards;
    private final List<? extends Store> stores;

    /** @param stores by number of the shard; closed with this one */
    public ShardedStore(StreamConfig config, List<? extends Store> stores) {
        this.config = config;
        this.shards = Shard.of(config);
        this.stores = List.copyOf(stores);
        if (stores.size() != shards.size()) {
            throw new IllegalArgumentException(stores.size() + " stores for " + shards.size() + " shards");
        }
    }

    /**
     * {@inheritDoc} Also empty when a shard is not there: then {@link #initialise} is right.
     *
     * @throws RefusedException {@code shards-disagree} too
     */
    @Override
    public Optional<Marks> marks() {
        Found found = look();
        return found.isWhole() ? Optional.of(JoinedMarks.of(found.shards(), found.marks())) : Optional.empty();
    }

    /** {@inheritDoc} A shard that does not know is taken to have been started over with the others. */
    @Override
    public Optional<String> startedOverAs() {
        List<Optional<String>> each = stores.stream().map(Store::startedOverAs).toList();
        Optional<String> some = each.stream().flatMap(Optional::stream).findFirst();
        return some.map(name ->
                Shard.storeIds(each.stream().map(own -> own.orElse(name)).toList()));
    }

    @Override
    public Optional<Marks> remains() {
        Found found = look();
        if (found.marks().isEmpty() || found.isWhole()) {
            return Optional.empty();
        }
        Marks there = JoinedMarks.of(found.shards(), found.marks());
        SortedMap<Integer, Long> next = new TreeMap<>(there.start());
        next.putAll(there.next());
        return Optional.of(new Marks(
                there.storeId(),
                there.topicId(),
                there.fingerprint(),
                there.start(),
                next,
                there.leaderEpochs(),
                there.frozen(),
                there.version()));
    }

    /**
     * {@inheritDoc} Shards that are there decide for those that are not: these begin at the starts that those know. So
     * what was begun by somebody who ended half-way is completed as it was meant, and a shard that was lost alone is
     * counted again from where it had begun.
     *
     * @throws RefusedException {@code shards-disagree}, {@code frozen} and {@code wrong-configuration} too
     */
    @Override
    public Marks initialise(SortedMap<Integer, Long> start, String topicId, String storeId) {
        List<Optional<String>> startedOver =
                stores.stream().map(Store::startedOverAs).toList(); // before it is looked at who is there
        Found found = look();
        boolean isNew = found.marks().isEmpty();
        if (isNew) {
            checkHeard(startedOver, storeId);
        }
        Marks there = isNew
                ? stores.get(0)
                        .initialise(start, topicId, shards.get(0).storeId(storeId)) // all begin with it: the first wins
                : JoinedMarks.of(found.shards(), found.marks());
        checkOneCanBeAdded(there);
        for (Shard shard : shards) {
            if (!found.shards().contains(shard)) {
                String wanted = isNew
                        ? shard.storeId(storeId)
                        : startedOver.get(shard.number()).orElse(shard.storeId(storeId));
                stores.get(shard.number()).initialise(there.start(), there.topicId(), wanted);
            }
        }
        return marks().orElseThrow(() -> new StoreUnavailableException(
                "stream " + config.name() + " was initialised and a shard is gone again; somebody empties Redis",
                null));
    }

    /** Each shard refuses who did not hear that the stream was started over; but one that was emptied does not know. */
    private void checkHeard(List<Optional<String>> startedOver, String storeId) {
        for (Shard shard : shards) {
            String own = shard.storeId(storeId);
            if (!startedOver.get(shard.number()).orElse(own).equals(own)) {
                throw new StoreUnavailableException(
                        "stream " + config.name() + " was started over just now; planning begins anew", null);
            }
        }
    }

    private void checkOneCanBeAdded(Marks there) {
        if (!there.fingerprint().equals(config.fingerprint())) {
            throw new ScriptRefusals(config).otherConfiguration(there.fingerprint());
        }
        if (!there.frozen().isEmpty()) {
            throw new RefusedException(
                    "frozen",
                    "stream " + config.name() + " takes no counts: " + there.frozen()
                            + ", and some of its shards are gone. It goes on when that is done; if it broke off, do it"
                            + " again.");
        }
    }

    /** The shards that are there, and their marks. */
    private record Found(List<Shard> shards, List<Marks> marks, int wanted) {
        boolean isWhole() {
            return shards.size() == wanted;
        }
    }

    private Found look() {
        List<Shard> there = new ArrayList<>();
        List<Marks> marks = new ArrayList<>();
        for (Shard shard : shards) {
            stores.get(shard.number()).marks().ifPresent(found -> {
                there.add(shard);
                marks.add(found);
            });
        }
        return new Found(there, marks, shards.size());
    }

    @Override
    public Optional<String> configuration() {
        return stores.stream()
                .map(Store::configuration)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** {@inheritDoc} @throws IllegalArgumentException when the tally is not of one shard */
    @Override
    public CommitResult commit(Tally tally) {
        Set<Integer> numbers = tally.covers().stream()
                .map(Range::partition)
                .map(partition -> Shard.numberOf(partition, shards.size()))
                .collect(Collectors.toSet());
        if (numbers.size() != 1) {
            throw new IllegalArgumentException(
                    "a commit is of one shard, this one of " + numbers + " of stream " + config.name());
        }
        return stores.get(numbers.iterator().next()).commit(tally);
    }

    @Override
    public int removeGoneBuckets() {
        return stores.stream().mapToInt(Store::removeGoneBuckets).sum();
    }

    /** {@inheritDoc} Each shard is told of its own partitions. */
    @Override
    public void report(Health health) {
        toEach(shard -> stores.get(shard.number())
                .report(new Health(
                        health.writer(),
                        shard.own(health.firstOffsets()),
                        shard.own(health.endOffsets()),
                        shard.own(new TreeMap<>(health.open())),
                        health.brokerTimes(),
                        health.refusal())));
    }

    @Override
    public void tell(Refusal refusal) {
        toEach(shard -> stores.get(shard.number()).tell(refusal));
    }

    /** {@inheritDoc} Whichever shard it was, the others do not say that it is over. */
    @Override
    public Optional<Refusal> told() {
        return stores.stream().map(Store::told).flatMap(Optional::stream).findFirst();
    }

    /** {@inheritDoc} All shards do, whichever is asked. */
    @Override
    public void reset() {
        stores.get(0).reset();
    }

    @Override
    public void close() {
        stores.forEach(Store::close);
    }

    /** Also those behind one whose node is away; what went wrong first is thrown at the end. */
    private void toEach(Consumer<Shard> doing) {
        RuntimeException wrong = null;
        for (Shard shard : shards) {
            try {
                doing.accept(shard);
            } catch (StoreUnavailableException | RefusedException e) {
                wrong = wrong == null ? e : wrong;
            }
        }
        if (wrong != null) {
            throw wrong;
        }
    }
}
