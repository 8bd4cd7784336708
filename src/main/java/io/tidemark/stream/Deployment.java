package io.tidemark.stream;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a stream asks to be run: how many tasks, how much at once, how patiently. Nothing of it decides what is counted, so
 * it may change at any time. Immutable.
 *
 * @param asked what the configuration says; in the setting's unit
 */
public record Deployment(Map<Setting, Integer> asked) {
    /** Asks for nothing. */
    public static final Deployment NONE = new Deployment(Map.of());

    /** One of the settings, with its range and default in its unit. */
    public enum Setting {
        /** Worker processes. */
        WORKERS("workers", "", 1, 1_000, 1),
        /** Tasks that read Kafka, of each stream. */
        EMITTERS("emitters", "", 1, 1_000, 1),
        /** Tasks that parse and count, of each stream. */
        PARSERS("parsers", "", 1, 1_000, 2),
        /** Batches in flight of each stream. */
        PENDING("pending", "", 1, 16, 2),
        /** Most offsets of one batch when catching up. */
        BATCH_RECORDS("batch-records", "", 1, 10_000_000, 300_000),
        /** Least time between two batches. */
        EMIT_INTERVAL("emit-interval", "ms", 1, 10_000, 5),
        /** After which a batch that got stuck is tried again. */
        MESSAGE_TIMEOUT("message-timeout", "s", 5, 3_600, 30);

        private final String key;
        private final String unit;
        private final int least;
        private final int most;
        private final int otherwise;

        Setting(String key, String unit, int least, int most, int otherwise) {
            this.key = key;
            this.unit = unit;
            this.least = least;
            this.most = most;
            this.otherwise = otherwise;
        }

        /** Its name in configurations, and behind {@code --} that of an option. */
        public String key() {
            return key;
        }

        /** {@code ms}, {@code s}, or empty where it is a number of things. */
        public String unit() {
            return unit;
        }

        public int least() {
            return least;
        }

        public int most() {
            return most;
        }

        /** What holds where nothing is said. */
        public int otherwise() {
            return otherwise;
        }

        static List<String> keys() {
            return Arrays.stream(values()).map(Setting::key).toList();
        }
    }

    public Deployment {
        asked = Map.copyOf(asked);
    }

    /** What is asked for; empty where nothing is said. */
    public OptionalInt ask(Setting setting) {
        Integer value = asked.get(setting);
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }

    /** What streams that run in one topology ask for together. @throws IllegalArgumentException as the other does */
    public static Deployment together(List<StreamConfig> streams) {
        return together(streams, Map.of());
    }

    /**
     * The same where something was decided that goes before what they ask for.
     *
     * @throws IllegalArgumentException when two of them ask for different things that nobody has decided
     */
    public static Deployment together(List<StreamConfig> streams, Map<Setting, Integer> decided) {
        Map<Setting, Integer> all = new EnumMap<>(Setting.class);
        all.putAll(decided);
        for (Setting setting : Setting.values()) {
            if (decided.containsKey(setting)) {
                continue;
            }
            Optional<StreamConfig> first = Optional.empty();
            for (StreamConfig stream : streams) {
                OptionalInt value = stream.deployment().ask(setting);
                if (value.isEmpty()) {
                    continue;
                }
                Integer before = all.putIfAbsent(setting, value.getAsInt());
                if (before == null) {
                    first = Optional.of(stream);
                } else if (before != value.getAsInt()) {
                    throw new IllegalArgumentException("stream "
                            + first.orElseThrow().name() + " asks for "
                            + setting.key() + " " + before + setting.unit() + ", stream " + stream.name() + " for "
                            + value.getAsInt() + setting.unit() + "; in one topology they share it: say it once, or"
                            + " submit them apart");
                }
            }
        }
        return new Deployment(all);
    }
}
