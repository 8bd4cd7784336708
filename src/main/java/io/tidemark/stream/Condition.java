package io.tidemark.stream;

import java.util.List;

/** What must hold for a rule to be used, or for a record to be counted. */
public sealed interface Condition {
    /** Holds always. */
    Condition ALWAYS = new All(List.of());

    /** Each of them; none is always true. */
    record All(List<Condition> parts) implements Condition {
        public All {
            parts = List.copyOf(parts);
        }
    }

    /** At least one of them. */
    record Any(List<Condition> parts) implements Condition {
        public Any {
            parts = List.copyOf(parts);
        }
    }

    /** Not this one. */
    record Not(Condition part) implements Condition {}

    /** The field is there and not null. */
    record Present(Pointer field) implements Condition {}

    /** The field's value passes the test. */
    record Passes(Pointer field, ValueTest test) implements Condition {}
}
