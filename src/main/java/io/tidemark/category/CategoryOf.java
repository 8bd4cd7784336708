package io.tidemark.category;

import io.tidemark.event.FieldValue;
import io.tidemark.stream.Categories;
import io.tidemark.stream.FieldType;
import io.tidemark.stream.Outcome;
import java.util.Map;
import java.util.function.Function;

/**
 * What a rule gives, compiled: a function of the values of some fields. Immutable.
 */
public final class CategoryOf {
    static final CategoryOf UNKNOWN = new CategoryOf(new int[0], values -> Categories.UNKNOWN);

    private final int[] slots;
    private final Function<FieldValue[], String> category;

    private CategoryOf(int[] slots, Function<FieldValue[], String> category) {
        this.slots = slots;
        this.category = category;
    }

    static CategoryOf compile(Outcome outcome, Facts facts) {
        if (outcome instanceof Outcome.Fixed fixed) {
            return new CategoryOf(new int[0], values -> fixed.category());
        }
        if (outcome instanceof Outcome.ValueOf valueOf) {
            int slot = facts.slot(valueOf.field());
            FieldType type = facts.type(slot);
            return new CategoryOf(new int[] {slot}, values -> Categories.of(written(type, values[0])));
        }
        if (outcome instanceof Outcome.GroupOf groupOf) {
            int slot = facts.slot(groupOf.field());
            FieldType type = facts.type(slot);
            Map<String, String> groups = groupOf.lookup().canonicalGroups(type);
            return new CategoryOf(new int[] {slot}, values -> groups.get(new TestedValue(type, values[0]).canonical()));
        }
        Outcome.Joined joined = (Outcome.Joined) outcome;
        int[] slots = joined.fields().stream().mapToInt(facts::slot).toArray();
        return new CategoryOf(slots, values -> {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < slots.length; i++) {
                text.append(i == 0 ? "" : joined.separator()).append(written(facts.type(slots[i]), values[i]));
            }
            return Categories.of(text.toString());
        });
    }

    private static String written(FieldType type, FieldValue value) {
        return new TestedValue(type, value).written();
    }

    /** The slots of the fields whose values it needs, in this order; none when it is always the same. */
    public int[] slots() {
        return slots;
    }

    /** @param values of the fields in {@link #slots} */
    public String of(FieldValue... values) {
        return category.apply(values);
    }
}
