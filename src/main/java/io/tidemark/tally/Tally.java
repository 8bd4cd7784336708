package io.tidemark.tally;

import io.tidemark.plan.Epochs;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What counting some ranges gives: the ranges that it covers, and what to add to each count. Immutable; merging makes a
 * new one in constant time, since a tally is a tree of parts that is added up only when somebody reads it. However a
 * range is cut, ordered and merged, what is read is the same.
 */
public final class Tally {
    /** Covers nothing and adds nothing. */
    public static final Tally NOTHING = new Tally(null, null, null);

    private final Part part;
    private final Tally left;
    private final Tally right;

    /** Adding up is dear and asked for twice: by who commits and by who sizes the next batch. Any thread's will do. */
    private volatile Map<CountKey, Map<String, Long>> sum;

    private Tally(Part part, Tally left, Tally right) {
        this.part = part;
        this.left = left;
        this.right = right;
    }

    /**
     * What counting one range of one partition gives.
     *
     * @param plan that the range was read for
     * @param covers the range
     * @param epochs of leaders, which say what log it was read from
     * @param asOf largest record timestamp in Unix milliseconds; {@link Long#MIN_VALUE} without records
     * @param accounts what became of its records
     * @param reasons rejected records by reason
     * @param rejected the last {@value RejectedRecord#KEPT} of them, by offset
     * @param counts what to add
     */
    public record Part(
            Plan plan,
            Range covers,
            Epochs epochs,
            long asOf,
            Accounts accounts,
            Map<String, Long> reasons,
            List<RejectedRecord> rejected,
            Counts counts) {
        /** @param additions what to add to each category of each count */
        public Part(
                Plan plan,
                Range covers,
                Epochs epochs,
                long asOf,
                Accounts accounts,
                Map<String, Long> reasons,
                List<RejectedRecord> rejected,
                Map<CountKey, Map<String, Long>> additions) {
            this(plan, covers, epochs, asOf, accounts, reasons, rejected, Counts.of(additions));
        }

        Part with(Counts other) {
            return new Part(plan, covers, epochs, asOf, accounts, reasons, rejected, other);
        }
    }

    public static Tally of(Part part) {
        return new Tally(part, null, null);
    }

    /** Both together. */
    public Tally merge(Tally other) {
        if (isNothing()) {
            return other;
        }
        return other.isNothing() ? this : new Tally(null, this, other);
    }

    public boolean isNothing() {
        return part == null && left == null;
    }

    /**
     * The plan that it was made from.
     *
     * @throws MixedPlansException when its parts were made from different plans
     * @throws java.util.NoSuchElementException when it covers nothing
     */
    public Plan plan() {
        List<Part> parts = parts();
        Plan plan = parts.get(0).plan();
        for (Part each : parts) {
            if (each.plan() != plan && !each.plan().equals(plan)) {
                throw new MixedPlansException(plan, each.plan());
            }
        }
        return plan;
    }

    /**
     * What it covers, adjacent ranges joined, by partition and offset.
     *
     * @throws OverlapException when two parts cover the same offset
     * @throws MixedLogsException when two adjacent parts were read from different logs
     */
    public List<Range> covers() {
        List<Range> joined = new ArrayList<>();
        Part before = null;
        for (Part part : inOrder()) {
            Range next = part.covers();
            Range last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
            if (last == null || last.partition() != next.partition() || last.end() < next.first()) {
                joined.add(next);
            } else if (last.end() > next.first()) {
                throw new OverlapException(last, next);
            } else if (!part.epochs().follow(before.epochs())) {
                throw new MixedLogsException(before, part);
            } else {
                joined.set(joined.size() - 1, new Range(last.partition(), last.first(), next.end()));
            }
            before = part;
        }
        return joined;
    }

    private List<Part> inOrder() {
        return parts().stream()
                .sorted((a, b) -> a.covers().compareTo(b.covers()))
                .toList();
    }

    public Accounts accounts() {
        return parts().stream().map(Part::accounts).reduce(Accounts.NONE, Accounts::plus);
    }

    /** Rejected records by reason. */
    public SortedMap<String, Long> reasons() {
        SortedMap<String, Long> reasons = new TreeMap<>();
        parts().forEach(p -> p.reasons().forEach((reason, n) -> reasons.merge(reason, n, Long::sum)));
        return reasons;
    }

    /** The last {@value RejectedRecord#KEPT} rejected records of each partition, by offset. */
    public SortedMap<Integer, List<RejectedRecord>> rejected() {
        SortedMap<Integer, List<RejectedRecord>> rejected = new TreeMap<>();
        inOrder().stream()
                .filter(p -> !p.rejected().isEmpty())
                .forEach(p -> rejected.computeIfAbsent(p.covers().partition(), k -> new ArrayList<>())
                        .addAll(p.rejected()));
        rejected.replaceAll((p, all) ->
                List.copyOf(all.subList(Math.max(0, all.size() - RejectedRecord.KEPT), all.size())));
        return rejected;
    }

    /** Largest record timestamp in Unix milliseconds, by partition; without those that had no records. */
    public SortedMap<Integer, Long> asOf() {
        SortedMap<Integer, Long> asOf = new TreeMap<>();
        parts().stream()
                .filter(p -> p.asOf() != Long.MIN_VALUE)
                .forEach(p -> asOf.merge(p.covers().partition(), p.asOf(), Math::max));
        return asOf;
    }

    /** Leader epochs before the first and at the last offset, by partition: they say what log was counted. */
    public SortedMap<Integer, Epochs> epochs() {
        SortedMap<Integer, Epochs> epochs = new TreeMap<>();
        for (Part part : inOrder()) {
            epochs.merge(part.covers().partition(), part.epochs(), (a, b) -> new Epochs(a.before(), b.end()));
        }
        return epochs;
    }

    /** What to add to each category of each count. */
    public Map<CountKey, Map<String, Long>> additions() {
        if (sum == null) {
            Additions added = new Additions();
            parts().forEach(part -> part.counts().columns().forEach(added::add));
            sum = added.asMap();
        }
        return sum;
    }

    /** Writes it for another worker that runs the same version. */
    public void writeTo(DataOutput out) throws IOException {
        TallyFormat.write(out, this);
    }

    /** Reads what {@link #writeTo} wrote; everything that is read of it is the same. */
    public static Tally readFrom(DataInput in) throws IOException {
        return TallyFormat.read(in);
    }

    /** Its parts in the order of merging. */
    public List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        Deque<Tally> rest = new ArrayDeque<>();
        rest.push(this);
        while (!rest.isEmpty()) {
            Tally tally = rest.pop();
            if (tally.part != null) {
                parts.add(tally.part);
            } else if (tally.left != null) {
                rest.push(tally.right);
                rest.push(tally.left);
            }
        }
        return parts;
    }
}
