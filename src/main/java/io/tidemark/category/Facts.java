package io.tidemark.category;

import io.tidemark.event.FieldValue;
import io.tidemark.stream.Condition;
import io.tidemark.stream.FieldType;
import io.tidemark.stream.Outcome;
import io.tidemark.stream.Pointer;
import io.tidemark.stream.Rule;
import io.tidemark.stream.Rules;
import io.tidemark.stream.ValueTest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Everything that rules ask of a record, as bits: whether any field is of another type or bad text, and for each
 * field whether it is there and which of its tests it passes. A verdict depends on these bits alone, so that it is worked out once for all records
 * that have the same. Immutable.
 */
final class Facts {
    /** Whether any field has a value of another type than it takes. */
    static final int WRONG_TYPE = 0;
    /** Whether any field is text with half a surrogate pair. */
    static final int BAD_TEXT = 1;

    private static final int FIRST_FIELD = 2;

    private record Asked(int slot, ValueTest test) {}

    private final List<Pointer> fields;
    private final List<FieldType> types;
    private final Map<Asked, Integer> bits = new HashMap<>();
    private final List<List<Predicate<TestedValue>>> tests = new ArrayList<>();
    private final List<List<Integer>> testBits = new ArrayList<>();
    private int count;

    Facts(Rules rules) {
        fields = List.copyOf(rules.fields().keySet());
        types = List.copyOf(rules.fields().values());
        count = FIRST_FIELD + fields.size();
        fields.forEach(field -> {
            tests.add(new ArrayList<>());
            testBits.add(new ArrayList<>());
        });
        note(rules.where());
        rules.dimensions().values().forEach(dimension -> dimension.rules().forEach(this::note));
    }

    private void note(Rule rule) {
        note(rule.when());
        if (rule.gives() instanceof Outcome.GroupOf groupOf) {
            note(slot(groupOf.field()), new ValueTest.InLookup(groupOf.lookup()));
        }
    }

    private void note(Condition condition) {
        if (condition instanceof Condition.All all) {
            all.parts().forEach(this::note);
        } else if (condition instanceof Condition.Any any) {
            any.parts().forEach(this::note);
        } else if (condition instanceof Condition.Not not) {
            note(not.part());
        } else if (condition instanceof Condition.Passes passes) {
            note(slot(passes.field()), passes.test());
        }
    }

    private void note(int slot, ValueTest test) {
        if (bits.putIfAbsent(new Asked(slot, test), count) == null) {
            tests.get(slot).add(Matcher.of(test, types.get(slot)));
            testBits.get(slot).add(count++);
        }
    }

    int slot(Pointer field) {
        return fields.indexOf(field);
    }

    int slots() {
        return fields.size();
    }

    FieldType type(int slot) {
        return types.get(slot);
    }

    /** How many longs the bits take. */
    int words() {
        return (count + 63) / 64;
    }

    int present(int slot) {
        return FIRST_FIELD + slot;
    }

    int passes(int slot, ValueTest test) {
        return bits.get(new Asked(slot, test));
    }

    /** The bits of a value in a field. */
    long[] of(int slot, FieldValue value) {
        long[] facts = new long[words()];
        TestedValue tested = new TestedValue(types.get(slot), value);
        set(facts, present(slot));
        if (!tested.isOfType()) {
            set(facts, WRONG_TYPE);
        }
        if (value.isBadText()) {
            set(facts, BAD_TEXT);
        }
        for (int i = 0; i < tests.get(slot).size(); i++) {
            if (tests.get(slot).get(i).test(tested)) {
                set(facts, testBits.get(slot).get(i));
            }
        }
        return facts;
    }

    static boolean has(long[] facts, int bit) {
        return (facts[bit >> 6] >>> bit & 1) != 0;
    }

    private static void set(long[] facts, int bit) {
        facts[bit >> 6] |= 1L << bit;
    }
}
