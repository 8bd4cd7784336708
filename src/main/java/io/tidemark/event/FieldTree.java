package io.tidemark.event;

import io.tidemark.stream.FieldType;
import io.tidemark.stream.Pointer;
import io.tidemark.stream.Rules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The fields that a configuration names, as a tree of objects; each has a slot, a number from 0 on. Immutable. */
final class FieldTree {
    private final Node root;
    private final int nodes;
    private final List<Pointer> fields;
    private final boolean[] kept;
    private final int[] timeOrder;

    FieldTree(Rules rules) {
        fields = List.copyOf(rules.fields().keySet());
        kept = new boolean[fields.size()];
        timeOrder = new int[fields.size()];
        Builder builder = new Builder();
        for (int slot = 0; slot < fields.size(); slot++) {
            builder.add(fields.get(slot), slot);
            kept[slot] = rules.fields().get(fields.get(slot)) != FieldType.ANY;
            timeOrder[slot] = rules.timeFields().indexOf(fields.get(slot));
        }
        root = builder.build();
        nodes = builder.nodes;
    }

    Node root() {
        return root;
    }

    /** How many nodes there are below the root; their ids are smaller. */
    int nodes() {
        return nodes;
    }

    int slots() {
        return fields.size();
    }

    /** Whether the field's value matters, not only whether it is there. */
    boolean isKept(int slot) {
        return kept[slot];
    }

    /** Its place among the time fields; -1 when it is none. */
    int timeOrder(int slot) {
        return timeOrder[slot];
    }

    /**
     * One object's field.
     *
     * @param id of the node; -1 for the whole record
     * @param slot of the field, or -1 when it only leads to others
     * @param children by name
     */
    record Node(int id, int slot, Map<String, Node> children) {}

    private static final class Builder {
        private int slot = -1;
        private int nodes;
        private final Map<String, Builder> children = new HashMap<>();

        void add(Pointer field, int fieldSlot) {
            Builder at = this;
            for (String name : new ArrayList<>(field.names())) {
                at = at.children.computeIfAbsent(name, n -> new Builder());
            }
            at.slot = fieldSlot;
        }

        Node build() {
            return build(this, -1);
        }

        private Node build(Builder top, int id) {
            Map<String, Node> built = new HashMap<>();
            children.forEach((name, child) -> built.put(name, child.build(top, top.nodes++)));
            return new Node(id, slot, Map.copyOf(built));
        }
    }
}
