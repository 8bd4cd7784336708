package io.tidemark.sim;

import io.tidemark.plan.Marks;
import java.util.Optional;

/** Why a stream cannot go on as things stand in the world, judged without the product's checks. */
final class DueRefusal {
    private DueRefusal() {}

    /** Its name, or those of which any is right; empty when the stream can go on. */
    static String of(World world) {
        if (world.truth().marksAreLost()) {
            return "marks-lost (or records-lost, topic-recreated" + besideLostMarks(world)
                    + ", where these are so too)";
        }
        if (world.truth().shardsDisagree()) {
            return "shards-disagree";
        }
        Optional<Marks> known = world.truth().marks().or(() -> world.truth().remains());
        if (known.isEmpty()) {
            return "";
        }
        Marks marks = known.get();
        if (!marks.fingerprint().equals(world.config().fingerprint())) {
            return "wrong-configuration";
        }
        if (!marks.topicId().equals(world.topic().id())) {
            return "topic-recreated";
        }
        boolean lost = false;
        boolean truncated = false;
        for (int p = 0; p < world.topic().partitions().size(); p++) {
            ModelPartition log = world.topic().partition(p);
            lost |= log.first() > marks.of(p);
            Integer epoch = marks.leaderEpochs().get(p);
            boolean cut = epoch != null && log.endOfEpoch(epoch) < marks.of(p) && log.wasTruncatedBelow(marks.of(p));
            truncated |= log.stableEnd() < marks.of(p) || cut && log.stableEnd() > marks.of(p);
        }
        // Of two that are due, either is right.
        return lost && truncated
                ? "records-lost, log-truncated"
                : lost ? "records-lost" : truncated ? "log-truncated" : "";
    }

    /**
     * Where one shard's marks are lost, those of the other are looked at first. When these were made by the configuration of
     * a zombie, that is what is told: it must be mended too, and by the same reset. Without such a shard, and so ever in a
     * stream of one, nothing but the loss may be told.
     */
    private static String besideLostMarks(World world) {
        boolean other = world.truth()
                .remains()
                .filter(marks -> !marks.fingerprint().equals(world.config().fingerprint()))
                .isPresent();
        return other ? ", wrong-configuration" : "";
    }
}
