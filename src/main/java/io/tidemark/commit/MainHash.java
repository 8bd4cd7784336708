package io.tidemark.commit;

import io.tidemark.plan.Marks;
import io.tidemark.stream.RefusedException;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The fields of a stream's main hash as the marks that they are. */
public final class MainHash {
    private static final Pattern PARTITION = Pattern.compile("\\d{1,9}");

    private MainHash() {}

    /**
     * Reads a stream's main hash as it stands in Redis, or those of its shards as one: the fields of partitions are
     * those of all, any other is the first shard's.
     *
     * @return without fields when there is no stream
     * @throws StoreUnavailableException when trying again is right
     */
    public static Map<String, String> read(RedisConnection redis, String stream) {
        Map<String, String> fields = new TreeMap<>();
        for (String name : new ShardNames(redis).of(stream)) {
            redis.call(client -> client.hgetAll(new StreamKeys(name).main())).forEach(fields::putIfAbsent);
        }
        return fields;
    }

    /**
     * Reads the marks.
     *
     * @param fields of the main hash; none when there is no stream
     * @throws RefusedException {@code unknown-format}, {@code mark-lost}, {@code foreign-value}
     */
    public static Optional<Marks> marks(String stream, Map<String, String> fields) {
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        String format = fields.getOrDefault("format", "");
        if (!StreamKeys.FORMAT.equals(format)) {
            throw ScriptRefusals.unknownFormat(stream, format);
        }
        SortedMap<Integer, Long> start = numbers(stream, fields, "start:");
        SortedMap<Integer, Long> next = numbers(stream, fields, "mark:");
        if (!start.keySet().equals(next.keySet())) {
            throw new RefusedException(
                    "mark-lost",
                    "stream " + stream + ": there are starts of partitions "
                            + start.keySet() + " but marks of " + next.keySet() + ". Part of the key "
                            + new StreamKeys(stream).main() + " is lost, so it is not known what has been counted."
                            + ScriptRefusals.RESTORE_OR_RESET);
        }
        start.putAll(numbers(stream, fields, "start-elsewhere:"));
        SortedMap<Integer, Integer> epochs = new TreeMap<>();
        Map<String, String> told = new TreeMap<>(fields);
        told.values().removeIf(String::isEmpty);
        numbers(stream, told, "epoch:").forEach((partition, epoch) -> epochs.put(partition, Math.toIntExact(epoch)));
        return Optional.of(new Marks(
                fields.getOrDefault("store", ""),
                fields.getOrDefault("topic-id", ""),
                fields.getOrDefault("fingerprint", ""),
                start,
                next,
                epochs,
                fields.getOrDefault("frozen", ""),
                number(stream, "version", fields.getOrDefault("version", "0"))));
    }

    /** The fields {@code PREFIX + partition}, which hold whole numbers. */
    public static SortedMap<Integer, Long> numbers(String stream, Map<String, String> fields, String prefix) {
        SortedMap<Integer, Long> numbers = new TreeMap<>();
        fields.forEach((name, value) -> {
            if (name.startsWith(prefix)
                    && PARTITION.matcher(name.substring(prefix.length())).matches()) {
                numbers.put(Integer.valueOf(name.substring(prefix.length())), number(stream, name, value));
            }
        });
        return numbers;
    }

    private static long number(String stream, String field, String value) {
        try {
            long number = Long.parseLong(value);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // refused below, like a negative one
        }
        throw new RefusedException(
                "foreign-value",
                "stream " + stream + ": field " + field + " of key "
                        + new StreamKeys(stream).main() + " holds " + value + ", which is no count."
                        + ScriptRefusals.RESTORE_OR_RESET);
    }
}
