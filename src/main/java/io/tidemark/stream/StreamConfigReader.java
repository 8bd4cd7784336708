package io.tidemark.stream;

import io.tidemark.stream.FieldTypes.Use;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads the configuration of a stream from YAML 1.2. docs/configuration.md describes the language. */
public final class StreamConfigReader {
    private static final List<String> KEYS = List.of(
            "stream",
            "topic",
            "start",
            "read-committed",
            "compacted",
            "shards",
            "types",
            "lookups",
            "where",
            "required",
            "time",
            "buckets",
            "dimensions",
            "aliases",
            "sums",
            "topology");

    /** What decides what a program adds up is the program's business. */
    private static final List<String> NOT_WITH_SUMS =
            List.of("types", "lookups", "where", "required", "time", "buckets", "dimensions", "aliases");

    private static final Duration DEFAULT_LATENESS = Duration.ofHours(1);

    private final Mistakes mistakes = new Mistakes();
    private final FieldTypes types = new FieldTypes(mistakes);
    private final Lookups lookups;
    private final ConditionReader conditions;

    private StreamConfigReader(Path folder, Map<String, String> stored) {
        lookups = new Lookups(folder, stored, mistakes);
        conditions = new ConditionReader(types, lookups, mistakes);
    }

    /**
     * Reads a configuration as a person wrote it.
     *
     * @param baseFolder that lookup files are relative to
     * @throws InvalidConfigException with everything that is wrong with it
     */
    public static StreamConfig read(String yaml, Path baseFolder) {
        return new StreamConfigReader(baseFolder, Map.of()).read(yaml, false);
    }

    /**
     * Reads a configuration from the text that is stored beside the counts ({@link StreamConfig#text}). It needs no
     * files, and is equal to the one that was stored.
     *
     * @throws InvalidConfigException when this version cannot read it
     */
    public static StreamConfig stored(String text) {
        return new StreamConfigReader(null, StoredText.files(text)).read(text, true);
    }

    private StreamConfig read(String yaml, boolean stored) {
        List<Node> documents = YamlText.documents(yaml, mistakes);
        mistakes.throwIfAny();
        if (documents.isEmpty()) {
            mistakes.at(Optional.empty(), "there is nothing in this configuration");
        } else if (documents.size() > (stored ? 2 : 1)) {
            mistakes.at(documents.get(1), "a configuration is one YAML document, but here a second one begins");
        }
        mistakes.throwIfAny();
        StreamConfig config = stream(documents.get(0), yaml, stored);
        mistakes.throwIfAny();
        return config;
    }

    private StreamConfig stream(Node root, String yaml, boolean stored) {
        Section section = new Section(root, "a configuration", mistakes);
        if (!(root instanceof MappingNode)) {
            return null;
        }
        section.allow("option", KEYS);
        String name = name(section);
        String topic = topic(section);
        section.get("types").ifPresent(types::declare);
        section.get("lookups").ifPresent(lookups::read);
        Condition where = section.get("where").map(conditions::read).orElse(Condition.ALWAYS);
        List<List<Pointer>> required =
                section.get("required").map(this::required).orElse(List.of());
        Section time = section.get("time")
                .map(node -> new Section(node, "time", mistakes))
                .orElse(null);
        List<Pointer> timeFields = time == null ? List.of() : timeFields(time);
        Duration lateness = time == null ? DEFAULT_LATENESS : duration(time, "lateness", DEFAULT_LATENESS);
        Map<BucketSize, Duration> retention = retention(section, lateness);
        DimensionReader dimensions = new DimensionReader(retention.keySet(), conditions, types, lookups, mistakes);
        if (section.get("sums").isPresent()) {
            section.text("sums").ifPresent(text -> dimensions.byProgram(text, section.key("sums")));
            NOT_WITH_SUMS.stream()
                    .filter(key -> section.get(key).isPresent())
                    .forEach(key -> mistakes.at(
                            section.key(key),
                            key + " cannot stand beside sums: a program adds them up, and decides this itself"));
        } else {
            section.need("dimensions", "{country: [{field: /country}]}").ifPresent(dimensions::read);
        }
        Aliases aliases = section.get("aliases")
                .map(node -> aliases(node, dimensions.rules()))
                .orElse(new Aliases(Map.of()));
        SortedMap<Pointer, FieldType> fields = types.resolve();
        Deployment deployment = section.get("topology")
                .map(new DeploymentReader(mistakes)::read)
                .orElse(Deployment.NONE);
        boolean readCommitted = section.flag("read-committed", true);
        boolean compacted = section.flag("compacted", false);
        int shards = section.number("shards", 1, Shard.MOST, 1);
        StreamConfig.StartAt start = start(section);
        if (!mistakes.isEmpty()) {
            return null;
        }
        Rules rules = new Rules(where, required, timeFields, dimensions.rules(), fields);
        return new StreamConfig(
                name,
                topic,
                start,
                readCommitted,
                compacted,
                shards,
                dimensions.dimensions(),
                lateness,
                retention,
                rules,
                aliases,
                deployment,
                Fingerprint.of(readCommitted, shards, dimensions.dimensions(), lateness, retention, rules),
                stored ? yaml : StoredText.of(yaml, lookups.files()));
    }

    private String name(Section section) {
        section.need("stream", "orders");
        Optional<String> name = section.text("stream");
        if (name.isPresent() && !Names.isName(name.get())) {
            mistakes.at(
                    section.get("stream").orElseThrow(),
                    "a stream's name " + Names.RULE + ", but this is " + Mistakes.shown(name.get()));
        }
        return name.orElse("");
    }

    private String topic(Section section) {
        section.need("topic", "shop-orders");
        Optional<String> topic = section.text("topic");
        if (topic.isPresent() && !Names.isTopic(topic.get())) {
            mistakes.at(
                    section.get("topic").orElseThrow(),
                    "a topic's name has 1 to 249 of a-z, A-Z, 0-9, dot, _ and -, but this is "
                            + Mistakes.shown(topic.get()));
        }
        return topic.orElse("");
    }

    private StreamConfig.StartAt start(Section section) {
        String word = section.get("start").isPresent() ? section.text("start").orElse("earliest") : "earliest";
        return switch (word) {
            case "earliest" -> StreamConfig.StartAt.EARLIEST;
            case "latest" -> StreamConfig.StartAt.LATEST;
            default -> {
                mistakes.unknownWord(section.get("start").orElseThrow(), "start", word, List.of("earliest", "latest"));
                yield StreamConfig.StartAt.EARLIEST;
            }
        };
    }

    /** A list of fields that must be there; an item that is a list itself is satisfied by one of its fields. */
    private List<List<Pointer>> required(Node node) {
        List<List<Pointer>> groups = new ArrayList<>();
        for (Node item : Section.items(node)) {
            List<Pointer> group = new ArrayList<>();
            for (Node field : Section.items(item)) {
                conditions.field(field).ifPresent(pointer -> {
                    types.use(pointer, Use.ONLY_THERE, field);
                    group.add(pointer);
                });
            }
            if (!group.isEmpty()) {
                groups.add(group);
            }
        }
        return groups;
    }

    private List<Pointer> timeFields(Section time) {
        time.allow("option of time", List.of("fields", "lateness"));
        List<Pointer> fields = new ArrayList<>();
        time.get("fields").stream()
                .flatMap(node -> Section.items(node).stream())
                .forEach(item -> conditions.field(item).ifPresent(field -> {
                    types.use(field, Use.ONLY_THERE, item);
                    fields.add(field);
                }));
        return fields;
    }

    private Duration duration(Section section, String name, Duration otherwise) {
        Optional<Node> node = section.get(name);
        if (node.isEmpty()) {
            return otherwise;
        }
        String text = node.get() instanceof ScalarNode scalar ? scalar.getValue() : "";
        return Names.duration(text).orElseGet(() -> {
            mistakes.at(
                    node.get(),
                    name + " must be a length of time such as 90s, 15m, 48h or 60d, but this is "
                            + Section.kind(node.get()));
            return otherwise;
        });
    }

    private Map<BucketSize, Duration> retention(Section section, Duration lateness) {
        Optional<Node> node = section.get("buckets");
        if (node.isEmpty()) {
            return Map.of(BucketSize.MINUTE, Duration.ofHours(48), BucketSize.HOUR, Duration.ofDays(60));
        }
        Section buckets = new Section(node.get(), "buckets", mistakes);
        buckets.allow(
                "bucket size",
                Arrays.stream(BucketSize.values()).map(BucketSize::label).toList());
        Map<BucketSize, Duration> retention = new EnumMap<>(BucketSize.class);
        for (BucketSize size : BucketSize.values()) {
            if (buckets.get(size.label()).isPresent()) {
                Duration least = lateness.plusSeconds(size.seconds());
                Duration kept = duration(buckets, size.label(), least);
                if (kept.compareTo(least) < 0) {
                    mistakes.at(
                            buckets.get(size.label()).orElseThrow(),
                            "a " + size.label() + " must be kept for at least its own length and the lateness, "
                                    + least.toSeconds() + "s, or late events would fall into buckets that are gone");
                }
                retention.put(size, kept);
            }
        }
        return Collections.unmodifiableMap(retention);
    }

    private Aliases aliases(Node node, Map<String, Rules.OfDimension> dimensions) {
        Section section = new Section(node, "aliases", mistakes);
        Map<String, Category> names = new LinkedHashMap<>();
        for (String alias : section.names()) {
            Node value = section.get(alias).orElseThrow();
            Optional<String> text = section.text(value, "an alias");
            int colon = text.orElse("").indexOf(':');
            if (text.isPresent() && colon < 1) {
                mistakes.at(value, "an alias stands for dimension:value, as in bot: actor:bot");
            } else if (text.isPresent()) {
                Category category =
                        new Category(text.get().substring(0, colon), text.get().substring(colon + 1));
                if (!dimensions.containsKey(category.dimension())) {
                    mistakes.unknownWord(value, "dimension", category.dimension(), dimensions.keySet());
                }
                if (alias.endsWith("*") != category.value().equals("*")) {
                    mistakes.at(value, "an alias ends in * when its category is dimension:*, and only then");
                } else {
                    names.put(alias, category);
                }
            }
        }
        return new Aliases(names);
    }
}
