package io.tidemark.stream;

import java.util.List;
import java.util.Set;

/** What one field's value must be. An absent field, and one of another type, is none of these. */
public sealed interface ValueTest {
    /** Equal to one of these. */
    record OneOf(Set<Literal> values) implements ValueTest {
        public OneOf {
            values = Set.copyOf(values);
        }
    }

    /** Text in which the regular expression (RE2's syntax, in time linear in the text) is found. */
    record Matches(String pattern) implements ValueTest {}

    /** Text that begins with one of these. */
    record StartsWith(List<String> prefixes) implements ValueTest {
        public StartsWith {
            prefixes = List.copyOf(prefixes);
        }
    }

    /** A number in a range; a bound that is null is none. */
    record InRange(Decimal atLeast, Decimal above, Decimal atMost, Decimal below) implements ValueTest {}

    /** Text that is an IP address of one of these versions, 4 or 6. */
    record IsIpAddress(Set<Integer> versions) implements ValueTest {
        public IsIpAddress {
            versions = Set.copyOf(versions);
        }
    }

    /** A value that the lookup has. */
    record InLookup(Lookup lookup) implements ValueTest {}
}
