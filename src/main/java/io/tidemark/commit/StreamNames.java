package io.tidemark.commit;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The names that there are in a Redis, as they were read. Immutable.
 *
 * @param streams names of the streams, by which they are written
 * @param aliases names that readers ask by, and the streams that these lead to; one that is also a stream's wins over it
 * @param backfills streams that are counted from the beginning for now, and the names that are to lead to them then
 * @param replaced streams that a name led to before it led to another
 */
public record StreamNames(
        SortedSet<String> streams,
        SortedMap<String, String> aliases,
        SortedMap<String, String> backfills,
        SortedSet<String> replaced) {
    public StreamNames {
        streams = Collections.unmodifiableSortedSet(new TreeSet<>(streams));
        aliases = Collections.unmodifiableSortedMap(new TreeMap<>(aliases));
        backfills = Collections.unmodifiableSortedMap(new TreeMap<>(backfills));
        replaced = Collections.unmodifiableSortedSet(new TreeSet<>(replaced));
    }

    /** The stream that answers to a name; one step, so an alias of an alias is none. */
    public String streamOf(String name) {
        return aliases.getOrDefault(name, name);
    }

    /** Everything that can be asked by. */
    public SortedSet<String> all() {
        SortedSet<String> all = new TreeSet<>(streams);
        all.addAll(aliases.keySet());
        return all;
    }

    /**
     * What to offer to somebody who does not say a name: one for each thing that is counted. A stream to which an alias
     * leads, or will when it is counted, is known by the alias; one to which it led before is known no more.
     */
    public SortedSet<String> offered() {
        SortedSet<String> offered = new TreeSet<>(streams);
        offered.removeAll(backfills.keySet());
        offered.removeAll(replaced);
        offered.removeAll(aliases.values());
        offered.addAll(aliases.keySet());
        return offered.isEmpty() ? streams : offered;
    }
}
