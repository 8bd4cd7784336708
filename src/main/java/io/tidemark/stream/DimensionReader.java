package io.tidemark.stream;

import io.tidemark.stream.FieldTypes.Use;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads the section {@code dimensions}: what is kept of each, and its ordered rules. */
final class DimensionReader {
    private static final List<String> OPTIONS = List.of("rules", "required", "ranked", "cap", "total", "buckets");
    private static final List<String> RULE = List.of("if", "category", "field", "lookup", "join", "with");
    private static final int MOST_DIMENSIONS = 64;
    private static final int LARGEST_CAP = 10_000_000;

    private final Set<BucketSize> sizes;
    private final ConditionReader conditions;
    private final FieldTypes types;
    private final Lookups lookups;
    private final Mistakes mistakes;
    private final List<Dimension> dimensions = new ArrayList<>();
    private final Map<String, Rules.OfDimension> rules = new LinkedHashMap<>();

    /** @param sizes of the buckets that the stream keeps */
    DimensionReader(
            Set<BucketSize> sizes, ConditionReader conditions, FieldTypes types, Lookups lookups, Mistakes mistakes) {
        this.sizes = sizes;
        this.conditions = conditions;
        this.types = types;
        this.lookups = lookups;
        this.mistakes = mistakes;
    }

    void read(Node node) {
        Section section = new Section(node, "dimensions", mistakes);
        for (String name : section.names()) {
            Node key = section.key(name);
            if (!Names.isName(name)) {
                mistakes.at(key, "a dimension's name " + Names.RULE + ", but this is " + Mistakes.shown(name));
            } else {
                readOne(name, section.get(name).orElseThrow());
            }
        }
        if (node instanceof MappingNode && section.names().isEmpty()) {
            mistakes.at(node, "there is no dimension: nothing would be counted");
        }
        if (section.names().size() > MOST_DIMENSIONS) {
            mistakes.at(
                    node, "there are " + section.names().size() + " dimensions; " + MOST_DIMENSIONS + " are the most");
        }
    }

    /** The one dimension of a stream that a program adds up. @param definition what is added up, in any words */
    void byProgram(String definition, Node key) {
        dimensions.add(Dimension.byProgram());
        rules.put(
                Dimension.SUMS,
                new Rules.OfDimension(
                        false, List.of(new Rule(Condition.ALWAYS, new Outcome.Fixed(definition), Section.line(key)))));
    }

    List<Dimension> dimensions() {
        return dimensions;
    }

    Map<String, Rules.OfDimension> rules() {
        return rules;
    }

    private void readOne(String name, Node node) {
        if (node instanceof SequenceNode list) {
            dimensions.add(new Dimension(name, false, true, sizes, Dimension.DEFAULT_CAP));
            rules.put(name, new Rules.OfDimension(false, rules(list)));
            return;
        }
        Section section = new Section(node, "dimension " + name, mistakes);
        if (!(node instanceof MappingNode)) {
            return;
        }
        section.allow("option of a dimension", OPTIONS);
        boolean ranked = section.flag("ranked", false);
        int cap = section.number("cap", 1, LARGEST_CAP, Dimension.DEFAULT_CAP);
        if (!ranked && section.get("cap").isPresent()) {
            mistakes.at(section.key("cap"), "only a ranked dimension has a cap; add ranked: true to dimension " + name);
        }
        boolean total = section.flag("total", !ranked);
        Set<BucketSize> kept = buckets(section, name, ranked);
        if (!total && kept.isEmpty()) {
            mistakes.at(node, "nothing is kept of dimension " + name + ": neither a total nor a bucket");
        }
        dimensions.add(new Dimension(name, ranked, total, kept, cap));
        List<Rule> list = section.need("rules", "[{field: /" + name + "}]")
                .map(rulesNode -> {
                    if (rulesNode instanceof SequenceNode sequence) {
                        return rules(sequence);
                    }
                    mistakes.at(rulesNode, "rules must be a list (- ...), but this is " + Section.kind(rulesNode));
                    return List.<Rule>of();
                })
                .orElse(List.of());
        rules.put(name, new Rules.OfDimension(section.flag("required", false), list));
    }

    private Set<BucketSize> buckets(Section section, String name, boolean ranked) {
        Optional<Node> node = section.get("buckets");
        if (node.isEmpty()) {
            if (!ranked) {
                return sizes;
            }
            if (!sizes.contains(BucketSize.HOUR)) {
                mistakes.at(
                        section.node(),
                        "ranked dimension " + name
                                + " is kept in hour buckets, but the stream keeps none; add hour to its"
                                + " buckets, or list the dimension's own under buckets");
            }
            return Set.of(BucketSize.HOUR);
        }
        Set<BucketSize> kept = EnumSet.noneOf(BucketSize.class);
        if (node.get() instanceof SequenceNode list && list.getValue().isEmpty()) {
            return kept;
        }
        for (Node item : Section.items(node.get())) {
            String word = item instanceof ScalarNode scalar ? scalar.getValue() : "";
            Names.bucketSize(word).filter(sizes::contains).ifPresentOrElse(kept::add, () -> {
                List<String> known = sizes.stream().map(BucketSize::label).toList();
                mistakes.unknownWord(item, "bucket size of this stream", word, known);
            });
        }
        return kept;
    }

    private List<Rule> rules(SequenceNode list) {
        if (list.getValue().isEmpty()) {
            mistakes.at(list, "there is no rule in this list");
        }
        List<Rule> read = new ArrayList<>();
        Rule last = null;
        for (Node item : list.getValue()) {
            if (last != null) {
                mistakes.at(
                        item, "this rule is never used: the one in line " + last.line() + " always gives a category");
                last = null;
            }
            int before = mistakes.count();
            Optional<Rule> rule = rule(item);
            rule.ifPresent(read::add);
            boolean isSound = mistakes.count() == before;
            last = rule.filter(r -> isSound && alwaysGives(r)).orElse(null);
        }
        return read;
    }

    private static boolean alwaysGives(Rule rule) {
        return rule.when().equals(Condition.ALWAYS) && rule.gives() instanceof Outcome.Fixed;
    }

    private Optional<Rule> rule(Node node) {
        Section section = new Section(node, "a rule", mistakes);
        if (!(node instanceof MappingNode)) {
            return Optional.empty();
        }
        section.allow("part of a rule", RULE);
        Condition when = section.get("if").map(conditions::read).orElse(Condition.ALWAYS);
        return outcome(section).map(gives -> new Rule(when, gives, Section.line(node)));
    }

    private Optional<Outcome> outcome(Section section) {
        List<String> given = List.of("category", "field", "join").stream()
                .filter(section.names()::contains)
                .toList();
        if (given.size() != 1) {
            mistakes.at(
                    section.node(),
                    "a rule gives one category, by one of category: TEXT, field: /POINTER, join: [/A, /B], but this has "
                            + (given.isEmpty() ? "none of them" : String.join(" and ", given)));
            return Optional.empty();
        }
        only(section, "lookup", "field");
        only(section, "with", "join");
        Node value = section.get(given.get(0)).orElseThrow();
        return switch (given.get(0)) {
            case "category" ->
                Categories.literal(section, value, "a category", mistakes).map(Outcome.Fixed::new);
            case "field" -> field(section, value);
            default -> join(section, value);
        };
    }

    private void only(Section section, String part, String with) {
        if (section.get(part).isPresent() && section.get(with).isEmpty()) {
            mistakes.at(section.key(part), part + " goes with " + with + " only");
        }
    }

    private Optional<Outcome> field(Section section, Node value) {
        Optional<Pointer> field = conditions.field(value);
        Optional<Node> lookupNode = section.get("lookup");
        if (lookupNode.isEmpty()) {
            field.ifPresent(f -> types.use(f, Use.AS_CATEGORY, value));
            return field.map(Outcome.ValueOf::new);
        }
        Optional<Lookups.Read> read = lookups.resolve(lookupNode.get());
        if (read.isPresent() && !read.get().hasGroups()) {
            mistakes.at(
                    lookupNode.get(),
                    "lookup " + read.get().lookup().name() + " only lists values; a rule needs one that gives groups");
            return Optional.empty();
        }
        return field.flatMap(f -> read.map(r -> {
            types.lookUp(f, r.lookup(), r.keys(), lookupNode.get());
            return new Outcome.GroupOf(f, r.lookup());
        }));
    }

    private Optional<Outcome> join(Section section, Node value) {
        if (!(value instanceof SequenceNode list) || list.getValue().size() < 2) {
            mistakes.at(value, "join must be a list of two or more JSON pointers, but this is " + Section.kind(value));
            return Optional.empty();
        }
        List<Pointer> fields = new ArrayList<>();
        for (Node item : list.getValue()) {
            conditions.field(item).ifPresent(field -> {
                types.use(field, Use.AS_CATEGORY, item);
                fields.add(field);
            });
        }
        String separator =
                section.get("with").isPresent() ? section.text("with").orElse(":") : ":";
        return fields.size() == list.getValue().size()
                ? Optional.of(new Outcome.Joined(fields, separator))
                : Optional.empty();
    }
}
