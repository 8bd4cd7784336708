package io.tidemark.category;

import io.tidemark.event.FieldValue;
import io.tidemark.event.Reason;
import io.tidemark.stream.Condition;
import io.tidemark.stream.Outcome;
import io.tidemark.stream.Pointer;
import io.tidemark.stream.Rule;
import io.tidemark.stream.Rules;
import io.tidemark.stream.ValueTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A stream's rules, compiled. Immutable: may be used by several threads. */
public final class RecordRules {
    private interface Check {
        boolean holds(long[] facts);
    }

    private record CompiledRule(Check applies, CategoryOf gives) {}

    private record CompiledDimension(boolean required, List<CompiledRule> rules) {}

    private final Facts facts;
    private final Check where;
    private final Check required;
    private final List<CompiledDimension> dimensions = new ArrayList<>();

    public RecordRules(Rules rules) {
        facts = new Facts(rules);
        where = compile(rules.where());
        required = all(rules.required().stream().map(this::oneOf).toList());
        for (Map.Entry<String, Rules.OfDimension> dimension : rules.dimensions().entrySet()) {
            List<CompiledRule> compiled =
                    dimension.getValue().rules().stream().map(this::compile).toList();
            dimensions.add(new CompiledDimension(dimension.getValue().required(), compiled));
        }
    }

    /** How many longs the facts of a record are. */
    public int words() {
        return facts.words();
    }

    /**
     * What the rules ask of a value: facts of a record are those of its fields, joined by {@code |}.
     *
     * @param slot of the field, its place in {@link Rules#fields}
     */
    public long[] facts(int slot, FieldValue value) {
        return facts.of(slot, value);
    }

    /** What becomes of a record with these facts. */
    public Verdict verdict(long[] of) {
        if (!where.holds(of)) {
            return Verdict.FILTERED;
        }
        if (Facts.has(of, Facts.WRONG_TYPE)) {
            return Verdict.rejected(Reason.WRONG_TYPE);
        }
        if (Facts.has(of, Facts.BAD_TEXT)) {
            return Verdict.rejected(Reason.BAD_TEXT);
        }
        if (!required.holds(of)) {
            return Verdict.rejected(Reason.MISSING_FIELD);
        }
        int[] rules = new int[dimensions.size()];
        for (int d = 0; d < rules.length; d++) {
            rules[d] = firstRule(dimensions.get(d), of);
            if (rules[d] < 0 && dimensions.get(d).required()) {
                return Verdict.rejected(Reason.MISSING_FIELD);
            }
        }
        return new Verdict(null, false, rules);
    }

    /** What a dimension's rule gives. */
    public CategoryOf category(int dimension, int rule) {
        return rule < 0
                ? CategoryOf.UNKNOWN
                : dimensions.get(dimension).rules().get(rule).gives();
    }

    private static int firstRule(CompiledDimension dimension, long[] of) {
        for (int rule = 0; rule < dimension.rules().size(); rule++) {
            if (dimension.rules().get(rule).applies().holds(of)) {
                return rule;
            }
        }
        return -1;
    }

    private CompiledRule compile(Rule rule) {
        Check when = compile(rule.when());
        Check possible = possible(rule.gives());
        return new CompiledRule(of -> when.holds(of) && possible.holds(of), CategoryOf.compile(rule.gives(), facts));
    }

    private Check possible(Outcome outcome) {
        if (outcome instanceof Outcome.ValueOf valueOf) {
            return present(valueOf.field());
        }
        if (outcome instanceof Outcome.Joined joined) {
            return all(joined.fields().stream().map(this::present).toList());
        }
        if (outcome instanceof Outcome.GroupOf groupOf) {
            return bit(facts.passes(facts.slot(groupOf.field()), new ValueTest.InLookup(groupOf.lookup())));
        }
        return of -> true;
    }

    private Check compile(Condition condition) {
        if (condition instanceof Condition.All all) {
            return all(all.parts().stream().map(this::compile).toList());
        }
        if (condition instanceof Condition.Any any) {
            return any(any.parts().stream().map(this::compile).toList());
        }
        if (condition instanceof Condition.Not not) {
            Check part = compile(not.part());
            return of -> !part.holds(of);
        }
        if (condition instanceof Condition.Present present) {
            return present(present.field());
        }
        Condition.Passes passes = (Condition.Passes) condition;
        return bit(facts.passes(facts.slot(passes.field()), passes.test()));
    }

    private Check present(Pointer field) {
        return bit(facts.present(facts.slot(field)));
    }

    private Check oneOf(List<Pointer> fields) {
        return any(fields.stream().map(this::present).toList());
    }

    private static Check bit(int bit) {
        return of -> Facts.has(of, bit);
    }

    private static Check all(List<Check> parts) {
        return of -> parts.stream().allMatch(part -> part.holds(of));
    }

    private static Check any(List<Check> parts) {
        return of -> parts.stream().anyMatch(part -> part.holds(of));
    }
}
