package io.tidemark.event;

import io.tidemark.stream.FieldType;
import io.tidemark.stream.Pointer;
import io.tidemark.stream.Rules;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
        root = builder.build(builder, "", -1);
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

    /** One object's field, and the fields in it that matter, found by the bytes of their names. */
    static final class Node {
        private final int id;
        private final int slot;
        private final byte[] name;
        private final long head;
        private final boolean leads;
        private final Node[] table;

        private Node(int id, int slot, String name, List<Node> children) {
            this.id = id;
            this.slot = slot;
            this.name = name.getBytes(StandardCharsets.UTF_8);
            this.head = Bytes.word(this.name, 0, this.name.length);
            this.leads = !children.isEmpty();
            this.table = new Node[Math.max(2, Integer.highestOneBit(children.size()) * 4)];
            for (Node child : children) {
                int place = place(child.head, child.name.length);
                while (table[place] != null) {
                    place = place + 1 & table.length - 1;
                }
                table[place] = child;
            }
        }

        /** Smaller than {@link FieldTree#nodes}; -1 for the whole record. */
        int id() {
            return id;
        }

        /** The field's slot, or -1 when it only leads to others. */
        int slot() {
            return slot;
        }

        /** Whether there are fields in it that matter. */
        boolean leads() {
            return leads;
        }

        /** The field of that name in this object; null when it does not matter. */
        Node child(byte[] text, int from, int end) {
            long textHead = Bytes.word(text, from, end);
            int length = end - from;
            int place = place(textHead, length);
            for (Node child = table[place]; child != null; child = table[place]) {
                if (child.head == textHead
                        && child.name.length == length
                        && (length <= Long.BYTES || Bytes.areEqual(child.name, 0, text, from, length))) {
                    return child;
                }
                place = place + 1 & table.length - 1;
            }
            return null;
        }

        private int place(long word, int length) {
            return (int) (Bytes.mix(word + length) >>> 32) & table.length - 1;
        }
    }

    private static final class Builder {
        private int slot = -1;
        private int nodes;
        private final Map<String, Builder> children = new LinkedHashMap<>();

        void add(Pointer field, int fieldSlot) {
            Builder at = this;
            for (String name : field.names()) {
                at = at.children.computeIfAbsent(name, n -> new Builder());
            }
            at.slot = fieldSlot;
        }

        Node build(Builder top, String name, int id) {
            List<Node> built = new ArrayList<>();
            // A loop, since a stream in each level would overflow the stack with a pointer of a thousand names.
            for (Map.Entry<String, Builder> child : children.entrySet()) {
                built.add(child.getValue().build(top, child.getKey(), top.nodes++));
            }
            return new Node(id, slot, name, built);
        }
    }
}
