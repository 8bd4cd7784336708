package io.tidemark.commit;

import io.tidemark.plan.Marks;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.Shard;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The marks of a stream's shards as marks of the stream: each shard's are of one step, all of them together are not.
 */
public final class JoinedMarks {
    private JoinedMarks() {}

    /**
     * Joins them.
     *
     * @param shards some of a stream's shards, at least one
     * @param marks of these shards, in the same order
     * @return with the sum of the versions, which rises with each commit, and with the names of all sets of counts
     * @throws RefusedException {@code shards-disagree} when they are not of one topic and one configuration, or a mark
     *     stands in a shard that its partition does not belong to
     */
    public static Marks of(List<Shard> shards, List<Marks> marks) {
        if (shards.size() == 1 && shards.get(0).config().shards() == 1) {
            return marks.get(0);
        }
        Marks first = marks.get(0);
        String storeIds = Shard.storeIds(marks.stream().map(Marks::storeId).toList());
        SortedMap<Integer, Long> start = new TreeMap<>();
        SortedMap<Integer, Long> next = new TreeMap<>();
        SortedMap<Integer, Integer> epochs = new TreeMap<>();
        String frozen = "";
        long version = 0;
        for (int i = 0; i < marks.size(); i++) {
            Marks each = marks.get(i);
            checkSame(shards.get(0), first, shards.get(i), each);
            checkOwn(shards.get(i), each);
            each.start().forEach(start::putIfAbsent);
            each.next()
                    .keySet()
                    .forEach(partition -> start.put(partition, each.start().get(partition)));
            next.putAll(each.next());
            epochs.putAll(each.leaderEpochs());
            frozen = frozen.isEmpty() ? each.frozen() : frozen;
            version += each.version();
        }
        return new Marks(storeIds, first.topicId(), first.fingerprint(), start, next, epochs, frozen, version);
    }

    private static void checkSame(Shard one, Marks ones, Shard other, Marks others) {
        if (!ones.topicId().equals(others.topicId()) || !ones.fingerprint().equals(others.fingerprint())) {
            throw disagree(
                    one,
                    one + " has counts of topic id " + ones.topicId() + " by configuration " + ones.fingerprint() + ", "
                            + other + " of topic id " + others.topicId() + " by configuration "
                            + others.fingerprint());
        }
    }

    /** Counts of another configuration may be in other shards: that is refused as such. */
    private static void checkOwn(Shard shard, Marks marks) {
        if (!marks.fingerprint().equals(shard.config().fingerprint())) {
            return;
        }
        for (int partition : marks.next().keySet()) {
            if (!shard.owns(partition)) {
                throw disagree(
                        shard,
                        shard + " has a mark of partition " + partition + ", which belongs to "
                                + Shard.of(shard.config(), partition));
            }
        }
    }

    private static RefusedException disagree(Shard shard, String how) {
        return new RefusedException(
                "shards-disagree",
                "stream " + shard.config().name() + ": its shards do not belong together: " + how + "."
                        + ScriptRefusals.RESTORE_OR_RESET + " " + shard.config().name());
    }
}
