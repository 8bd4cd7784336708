package io.tidemark.stream;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A mapping of the configuration: keys to nodes, each key once, and readers of the plain kinds of values. */
final class Section {
    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,9}");

    private final Node node;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Node> keys = new LinkedHashMap<>();
    private final Mistakes mistakes;

    /** @param node that should be a mapping; anything else is a mistake and gives an empty section */
    Section(Node node, String what, Mistakes mistakes) {
        this.node = node;
        this.mistakes = mistakes;
        if (!(node instanceof MappingNode mapping)) {
            mistakes.at(node, what + " must be a mapping of names to values (name: value), but this is " + kind(node));
            return;
        }
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                mistakes.at(entry.getKeyNode(), "a key must be a plain word, but this is " + kind(entry.getKeyNode()));
            } else if (values.putIfAbsent(key.getValue(), entry.getValueNode()) != null) {
                mistakes.at(
                        key,
                        Mistakes.shown(key.getValue()) + " stands twice here; the first is in line "
                                + line(keys.get(key.getValue())));
            } else {
                keys.put(key.getValue(), key);
            }
        }
    }

    Node node() {
        return node;
    }

    Collection<String> names() {
        return values.keySet();
    }

    Node key(String name) {
        return keys.get(name);
    }

    Optional<Node> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** The node under a name that must be there. */
    Optional<Node> need(String name, String example) {
        if (!values.containsKey(name)) {
            mistakes.at(node, "\"" + name + "\" is missing, as in " + name + ": " + example);
        }
        return get(name);
    }

    /** Every other key is a mistake. */
    void allow(String what, List<String> known) {
        keys.forEach((name, key) -> {
            if (!known.contains(name)) {
                mistakes.unknownWord(key, what, name, known);
            }
        });
    }

    boolean flag(String name, boolean otherwise) {
        return get(name).flatMap(value -> bool(value, name)).orElse(otherwise);
    }

    int number(String name, int from, int to, int otherwise) {
        Node value = values.get(name);
        if (value == null) {
            return otherwise;
        }
        String text = value instanceof ScalarNode scalar ? scalar.getValue() : "";
        if (WHOLE.matcher(text).matches() && Integer.parseInt(text) >= from && Integer.parseInt(text) <= to) {
            return Integer.parseInt(text);
        }
        mistakes.at(
                value, name + " must be a whole number from " + from + " to " + to + ", but this is " + kind(value));
        return otherwise;
    }

    Optional<String> text(String name) {
        return get(name).flatMap(value -> text(value, name));
    }

    private Optional<Boolean> bool(Node value, String what) {
        if (value instanceof ScalarNode scalar && scalar.getTag().equals(Tag.BOOL)) {
            return Optional.of(Boolean.parseBoolean(scalar.getValue()));
        }
        mistakes.at(value, what + " must be true or false, but this is " + kind(value));
        return Optional.empty();
    }

    /** A scalar's text, whatever type YAML gives it; null and the empty text are mistakes. */
    Optional<String> text(Node value, String what) {
        if (value instanceof ScalarNode scalar
                && !scalar.getTag().equals(Tag.NULL)
                && !scalar.getValue().isEmpty()) {
            return Optional.of(scalar.getValue());
        }
        mistakes.at(value, what + " must be a text, but this is " + kind(value));
        return Optional.empty();
    }

    /** The items of a list, or the one node that stands where a list may. */
    static List<Node> items(Node value) {
        return value instanceof SequenceNode sequence ? new ArrayList<>(sequence.getValue()) : List.of(value);
    }

    static int line(Node value) {
        return value.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }

    /** What a node is, in words for a message. */
    static String kind(Node value) {
        if (value instanceof MappingNode) {
            return "a mapping";
        }
        if (value instanceof SequenceNode) {
            return "a list";
        }
        ScalarNode scalar = (ScalarNode) value;
        return scalar.getTag().equals(Tag.NULL) ? "nothing" : Mistakes.shown(scalar.getValue());
    }
}
