package io.tidemark.stream;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Some partitions of a stream, whose marks and counts are kept together, apart from those of the others. It is kept as
 * if it were a stream of its own, {@code wiki.0}, {@code wiki.1}, ...; the only shard of a stream is kept under the
 * stream's own name. Which partitions belong to which follows from their numbers.
 *
 * @param config of the stream
 * @param number 0 or more, less than the stream's number of shards
 */
public record Shard(StreamConfig config, int number) {
    /** Shards that a stream may have. */
    public static final int MOST = 64;

    /** What stands between a stream's name and a shard's number; a stream's name has none. */
    private static final char MARK = '.';

    private static final String AND = ",";

    public Shard {
        Objects.requireNonNull(config, "config");
        if (number < 0 || number >= config.shards()) {
            throw new IllegalArgumentException(
                    "stream " + config.name() + " has " + config.shards() + " shards, and none of number " + number);
        }
    }

    /** The shards of a stream, by number. */
    public static List<Shard> of(StreamConfig config) {
        return IntStream.range(0, config.shards())
                .mapToObj(k -> new Shard(config, k))
                .toList();
    }

    /** The shard that a partition belongs to. */
    public static Shard of(StreamConfig config, int partition) {
        return new Shard(config, numberOf(partition, config.shards()));
    }

    /** The number of the shard that a partition belongs to. */
    public static int numberOf(int partition, int shards) {
        return partition % shards;
    }

    /** The name that it is kept under. */
    public String name() {
        return name(config.name(), config.shards(), number);
    }

    /** The name that one of a stream's shards is kept under. */
    public static String name(String stream, int shards, int number) {
        return shards == 1 ? stream : oneOfSeveral(stream, number);
    }

    /** The name that a shard is kept under if its stream has several, however many. */
    public static String oneOfSeveral(String stream, int number) {
        return stream + MARK + number;
    }

    /** The stream that something kept under this name belongs to. */
    public static String streamOf(String name) {
        int at = name.indexOf(MARK);
        return at < 0 ? name : name.substring(0, at);
    }

    /** The streams that shards of these names belong to. */
    public static SortedSet<String> streamsOf(Collection<String> names) {
        return names.stream().map(Shard::streamOf).collect(Collectors.toCollection(TreeSet::new));
    }

    public boolean owns(int partition) {
        return numberOf(partition, config.shards()) == number;
    }

    /** What is of partitions of this shard. */
    public <T> SortedMap<Integer, T> own(SortedMap<Integer, T> byPartition) {
        SortedMap<Integer, T> own = new TreeMap<>(byPartition);
        own.keySet().removeIf(partition -> !owns(partition));
        return own;
    }

    /**
     * The names of the shards' sets of counts as one: it says of each which set it is. They are the same unless a shard
     * came back from another time, which is as right as the others are.
     *
     * @param names by number of the shard
     */
    public static String storeIds(List<String> names) {
        return names.stream().distinct().count() == 1 ? names.get(0) : String.join(AND, names);
    }

    /** The name of this shard's set of counts, of the names of all. */
    public String storeId(String names) {
        String[] each = names.split(AND);
        return each.length == 1 ? names : each[number];
    }

    @Override
    public String toString() {
        return name();
    }
}
