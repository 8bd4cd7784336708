package io.tidemark.stream;

import java.util.List;

/** The category that a rule gives. One that needs a field that is absent gives none, and the next rule is tried. */
public sealed interface Outcome {
    /** This text. */
    record Fixed(String category) implements Outcome {}

    /** The field's value: text as written, a whole number in digits, {@code true} or {@code false}. */
    record ValueOf(Pointer field) implements Outcome {}

    /** The values of several fields with a separator between them; all must be there. */
    record Joined(List<Pointer> fields, String separator) implements Outcome {
        public Joined {
            fields = List.copyOf(fields);
        }
    }

    /** The group of the field's value; a value that the lookup does not have gives none. */
    record GroupOf(Pointer field, Lookup lookup) implements Outcome {}
}
