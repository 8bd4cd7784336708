package io.tidemark.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * The product (or the model of its store) with one guard taken out: source texts in which something is replaced.
 *
 * @param guard what is taken out, in a few words
 * @param shards of the stream
 * @param edits where
 * @param schedules within which the simulator has to notice; that many it survives where it cannot
 * @param kinds of faults that these schedules have; all when there are none here
 * @param why who else notices, or why nobody has to, where the simulator cannot; empty where it can
 */
record Mutant(String guard, int shards, List<Edit> edits, int schedules, List<Fault.Kind> kinds, String why) {
    /**
     * A replacement in a source file.
     *
     * @param path from the root of the repository
     * @param find stands there exactly once
     */
    record Edit(String path, String find, String replace) {}

    static Mutant of(String guard, int schedules) {
        return new Mutant(guard, 1, List.of(), schedules, List.of(), "");
    }

    /** With something replaced in a class of the core. */
    Mutant core(String type, String find, String replace) {
        return with("src/main/java/io/tidemark/" + type + ".java", find, replace);
    }

    /** With something replaced in the model of the store, which promises what the scripts do. */
    Mutant store(String find, String replace) {
        return with("src/test/java/io/tidemark/commit/ModelStore.java", find, replace);
    }

    /** With something replaced in an adapter to Storm or Kafka. */
    Mutant trident(String type, String find, String replace) {
        return with("trident/src/main/java/io/tidemark/trident/" + type + ".java", find, replace);
    }

    /** In schedules of a stream with two shards. */
    Mutant ofTwoShards() {
        return new Mutant(guard, 2, edits, schedules, kinds, why);
    }

    /** In schedules that have only these kinds of faults. */
    Mutant under(Fault.Kind... only) {
        return new Mutant(guard, shards, edits, schedules, List.of(only), why);
    }

    /** The simulator does not notice, and this is why. */
    Mutant survives(String reason) {
        return new Mutant(guard, shards, edits, schedules, kinds, reason);
    }

    private Mutant with(String path, String find, String replace) {
        List<Edit> all = new ArrayList<>(edits);
        all.add(new Edit(path, find, replace));
        return new Mutant(guard, shards, all, schedules, kinds, why);
    }

    @Override
    public String toString() {
        return guard;
    }
}
