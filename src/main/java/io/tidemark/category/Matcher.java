package io.tidemark.category;

import com.google.re2j.Pattern;
import io.tidemark.stream.Decimal;
import io.tidemark.stream.FieldType;
import io.tidemark.stream.Literal;
import io.tidemark.stream.ValueTest;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Compiles tests of values. A value of another type than its field takes passes none. */
final class Matcher {
    private Matcher() {}

    static Predicate<TestedValue> of(ValueTest test, FieldType type) {
        Predicate<TestedValue> passes = compile(test, type);
        return value -> value.isOfType() && passes.test(value);
    }

    private static Predicate<TestedValue> compile(ValueTest test, FieldType type) {
        if (test instanceof ValueTest.OneOf oneOf) {
            Set<String> texts = oneOf.values().stream().map(Literal::text).collect(Collectors.toUnmodifiableSet());
            return type == FieldType.WHOLE_NUMBER
                    ? value -> texts.contains(value.number().toString())
                    : value -> texts.contains(value.canonical());
        }
        if (test instanceof ValueTest.Matches matches) {
            return pattern(matches.pattern());
        }
        if (test instanceof ValueTest.StartsWith startsWith) {
            List<String> prefixes = startsWith.prefixes();
            return value -> prefixes.stream().anyMatch(value.written()::startsWith);
        }
        if (test instanceof ValueTest.InRange range) {
            return value -> isIn(range, value.number());
        }
        if (test instanceof ValueTest.IsIpAddress ip) {
            boolean v4 = ip.versions().contains(4);
            boolean v6 = ip.versions().contains(6);
            return value -> v4 && IpAddress.isV4(value.written()) || v6 && IpAddress.isV6(value.written());
        }
        Set<String> keys =
                ((ValueTest.InLookup) test).lookup().canonicalGroups(type).keySet();
        return value -> keys.contains(value.canonical());
    }

    private static Predicate<TestedValue> pattern(String regex) {
        Pattern pattern = Pattern.compile(regex);
        return value -> pattern.matcher(value.written()).find();
    }

    private static boolean isIn(ValueTest.InRange range, Decimal number) {
        return number != null
                && (range.atLeast() == null || number.compareTo(range.atLeast()) >= 0)
                && (range.above() == null || number.compareTo(range.above()) > 0)
                && (range.atMost() == null || number.compareTo(range.atMost()) <= 0)
                && (range.below() == null || number.compareTo(range.below()) < 0);
    }
}
