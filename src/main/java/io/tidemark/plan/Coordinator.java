package io.tidemark.plan;

import io.tidemark.stream.StreamConfig;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Decides what each transaction counts. A plan is a belief, the marks in the store are the truth: they are read at every
 * plan, and when they are neither what was believed nor a boundary of what is in flight, planning begins anew from
 * them. So one procedure covers the first start, a take-over, a replay, a rival and a store that came back older. Keeps
 * no thread and no clock of its own; one thread at a time.
 */
public final class Coordinator {
    /** How long what was seen of the log's beginning, its topic id and its compaction is relied on, in milliseconds. */
    static final long TRUST_MILLIS = 1_000;

    private final StreamConfig config;
    private final StreamChecks checks;
    private final MarkStore store;
    private final EventLog log;
    private final LongSupplier clock;
    private final RandomGenerator random;
    private final BatchSize size;
    private final InFlight inFlight;
    private Plan last;
    private boolean checked;
    private long checkedAt;

    /**
     * @param clock milliseconds, rising
     * @param random for the name of a new set of counts
     * @param size cap on the records of a batch
     */
    public Coordinator(
            StreamConfig config,
            MarkStore store,
            EventLog log,
            LongSupplier clock,
            RandomGenerator random,
            BatchSize size) {
        this.config = config;
        this.checks = new StreamChecks(config);
        this.store = store;
        this.log = log;
        this.clock = clock;
        this.random = random;
        this.size = size;
        this.inFlight = new InFlight(config.shards());
    }

    /**
     * Plans a transaction, or plans it again.
     *
     * @param transaction its number: the one after that of the plan before it
     * @param before plan of the transaction before it, as far as anybody remembers one
     * @param attempted plan of an earlier attempt at this transaction, as far as anybody remembers one
     * @return the plan; empty when there is nothing to count
     * @throws io.tidemark.stream.RefusedException when the stream must not be counted as things are
     * @throws LogUnavailableException when the log does not answer; and whatever the store throws when it does not
     */
    public Plan plan(long transaction, Optional<Plan> before, Optional<Plan> attempted) {
        Optional<Marks> found = store.marks();
        Optional<Plan> earlier = inFlight.supersede(transaction, found).or(() -> attempted);
        Marks marks = found.orElseGet(
                () -> initialise(Optional.ofNullable(last).or(() -> earlier).or(() -> before)));
        checks.checkMarks(marks);
        SortedMap<Integer, Long> ends = look(marks, earlier.isPresent());
        Plan plan = decide(transaction, marks, earlier, ends);
        inFlight.add(transaction, plan, marks);
        last = plan;
        return plan;
    }

    /** A transaction was committed, and so were those before it. That this was never said does no harm. */
    public void succeeded(long transaction) {
        inFlight.succeeded(transaction);
        size.succeeded();
    }

    /** Where the last plan ends, by partition: what is beyond it has not been planned yet. */
    public SortedMap<Integer, Long> plannedTo() {
        return inFlight.end();
    }

    private Plan decide(long transaction, Marks marks, Optional<Plan> earlier, SortedMap<Integer, Long> ends) {
        Optional<Plan> own = earlier.filter(plan -> belongs(plan, marks) && !plan.isEmpty());
        SortedMap<Integer, Long> base = inFlight.baseOf(transaction, marks);
        if (own.isPresent() && Planner.beginsAt(own.get().ranges(), base)) {
            // It failed. Whatever the reason was, less is more likely to succeed.
            SortedMap<Integer, Range> smaller = Planner.smaller(own.get().ranges(), ends);
            if (!smaller.isEmpty()) {
                Plan plan = planOf(marks, smaller);
                size.failed(plan.length());
                return plan;
            }
        }
        return planOf(marks, Planner.ranges(base, ends, size.records()));
    }

    private SortedMap<Integer, Long> look(Marks marks, boolean again) {
        long now = clock.getAsLong();
        if (again || !checked || now - checkedAt >= TRUST_MILLIS) {
            checked = false;
            LogView view = LogView.of(log);
            checks.checkLog(marks, view);
            checked = true;
            checkedAt = now;
            return view.ends();
        }
        SortedMap<Integer, Long> ends = log.endOffsets();
        checks.checkEnds(marks, ends);
        return ends;
    }

    /**
     * The start of a new stream; or of a running one that finds its counts gone: its own start again, unless they were
     * meant to go. Where only some shards are gone, the others know the starts of all.
     */
    private Marks initialise(Optional<Plan> running) {
        String topicId = log.topicId();
        LogView view = LogView.of(log);
        if (!topicId.equals(view.topicId())) {
            // Offsets of the old topic must not become the start of the new one.
            throw new LogUnavailableException(
                    "topic " + config.topic() + " was deleted and created anew while it was looked at: its id was "
                            + topicId + " and is " + view.topicId(),
                    null);
        }
        inFlight.restart("", new TreeMap<>());
        Optional<String> startedOver = store.startedOverAs();
        Optional<Marks> remains = store.remains();
        if (remains.isPresent()) {
            checks.checkMarks(remains.get());
            checks.checkLog(remains.get(), view);
            return store.initialise(remains.get().start(), view.topicId(), newStoreId());
        }
        if (running.isPresent()
                && running.get().topicId().equals(view.topicId())
                && running.get().fingerprint().equals(config.fingerprint())
                && running.get()
                        .storeId()
                        .equals(startedOver.orElse(running.get().storeId()))) {
            checks.checkStart(running.get().start(), view);
            return store.initialise(
                    running.get().start(), view.topicId(), running.get().storeId());
        }
        SortedMap<Integer, Long> start = config.startAt() == StreamConfig.StartAt.LATEST ? view.ends() : view.first();
        checks.checkStart(start, view);
        return store.initialise(start, view.topicId(), startedOver.orElseGet(this::newStoreId));
    }

    private String newStoreId() {
        return "%016x".formatted(random.nextLong());
    }

    private Plan planOf(Marks marks, SortedMap<Integer, Range> ranges) {
        SortedMap<Integer, Integer> epochs = new TreeMap<>();
        for (Map.Entry<Integer, Range> entry : ranges.entrySet()) {
            Integer epoch = marks.leaderEpochs().get(entry.getKey());
            if (epoch != null && marks.of(entry.getKey()) == entry.getValue().first()) {
                epochs.put(entry.getKey(), epoch);
            }
        }
        return new Plan(
                config.name(), marks.topicId(), marks.fingerprint(), marks.storeId(), marks.start(), ranges, epochs);
    }

    private static boolean belongs(Plan plan, Marks marks) {
        return plan.storeId().equals(marks.storeId())
                && plan.topicId().equals(marks.topicId())
                && plan.fingerprint().equals(marks.fingerprint());
    }
}
