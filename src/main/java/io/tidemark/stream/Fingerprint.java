package io.tidemark.stream;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * SHA-256 over exactly what decides counts, each part in one form: dimensions, rules, lookups' contents, {@code where},
 * required fields, types, time, buckets, isolation level, shards and the version of the parsing rules. Addresses,
 * aliases, comments, formatting, names of lookups and the order of dimensions are not in it.
 */
final class Fingerprint {
    /** Raised when the same record and configuration could become something else than before. */
    static final int PARSING_RULES = 1;

    private Fingerprint() {}

    static String of(
            boolean readCommitted,
            int shards,
            List<Dimension> dimensions,
            Duration lateness,
            Map<BucketSize, Duration> retention,
            Rules rules) {
        StringBuilder text = new StringBuilder();
        text.append("parsing-rules ").append(PARSING_RULES).append('\n');
        text.append("read-committed ").append(readCommitted).append('\n');
        text.append("shards ").append(shards).append('\n');
        text.append("lateness ").append(lateness.toSeconds()).append('\n');
        new TreeMap<>(retention)
                .forEach((size, kept) -> text.append("bucket ")
                        .append(size.label())
                        .append(' ')
                        .append(kept.toSeconds())
                        .append('\n'));
        text.append("where ").append(of(rules.where())).append('\n');
        text.append("required ")
                .append(sorted(
                        rules.required().stream().map(Fingerprint::sorted).toList()))
                .append('\n');
        rules.timeFields()
                .forEach(field -> text.append("time ").append(quoted(field)).append('\n'));
        rules.fields()
                .forEach((field, type) -> text.append("field ")
                        .append(quoted(field))
                        .append(' ')
                        .append(type.label())
                        .append('\n'));
        dimensions.stream().sorted(Comparator.comparing(Dimension::name)).forEach(dimension -> {
            text.append(of(dimension)).append('\n');
            Rules.OfDimension own = rules.dimensions().get(dimension.name());
            text.append("required ").append(own.required()).append('\n');
            own.rules().forEach(rule -> text.append("rule ").append(of(rule)).append('\n'));
        });
        return sha256(text.toString());
    }

    static String of(Dimension dimension) {
        return "dimension " + dimension.name() + " total " + dimension.total() + " buckets "
                + dimension.buckets().stream().sorted().toList()
                + (dimension.ranked() ? " ranked " + dimension.cap() : "");
    }

    /** Without the line where it stands, which decides nothing. */
    static String of(Rule rule) {
        return of(rule.when()) + of(rule.gives());
    }

    static String of(Condition condition) {
        if (condition instanceof Condition.All all) {
            return "all" + sorted(all.parts().stream().map(Fingerprint::of).toList());
        }
        if (condition instanceof Condition.Any any) {
            return "any" + sorted(any.parts().stream().map(Fingerprint::of).toList());
        }
        if (condition instanceof Condition.Not not) {
            return "not(" + of(not.part()) + ")";
        }
        if (condition instanceof Condition.Present present) {
            return "present(" + quoted(present.field()) + ")";
        }
        Condition.Passes passes = (Condition.Passes) condition;
        return "passes(" + quoted(passes.field()) + of(passes.test()) + ")";
    }

    private static String of(ValueTest test) {
        if (test instanceof ValueTest.OneOf oneOf) {
            return "one-of"
                    + sorted(oneOf.values().stream()
                            .map(literal -> literal.type().label() + quoted(literal.text()))
                            .toList());
        }
        if (test instanceof ValueTest.Matches matches) {
            return "matches" + quoted(matches.pattern());
        }
        if (test instanceof ValueTest.StartsWith startsWith) {
            return "starts-with"
                    + sorted(startsWith.prefixes().stream()
                            .map(Fingerprint::quoted)
                            .toList());
        }
        if (test instanceof ValueTest.InRange range) {
            return "range(" + range.atLeast() + "," + range.above() + "," + range.atMost() + "," + range.below() + ")";
        }
        if (test instanceof ValueTest.IsIpAddress ip) {
            return "ip" + sorted(ip.versions());
        }
        return "in" + of(((ValueTest.InLookup) test).lookup());
    }

    private static String of(Outcome outcome) {
        if (outcome instanceof Outcome.Fixed fixed) {
            return "category" + quoted(fixed.category());
        }
        if (outcome instanceof Outcome.ValueOf valueOf) {
            return "field" + quoted(valueOf.field());
        }
        if (outcome instanceof Outcome.Joined joined) {
            return "join" + joined.fields().stream().map(Fingerprint::quoted).toList() + quoted(joined.separator());
        }
        Outcome.GroupOf groupOf = (Outcome.GroupOf) outcome;
        return "group" + quoted(groupOf.field()) + of(groupOf.lookup());
    }

    private static String of(Lookup lookup) {
        StringBuilder text = new StringBuilder("lookup");
        new TreeMap<>(lookup.groups())
                .forEach((value, group) -> text.append(quoted(value)).append(quoted(group)));
        return text.toString();
    }

    private static String sorted(Collection<?> parts) {
        return parts.stream().map(Object::toString).sorted().toList().toString();
    }

    /** With its length before it, so that no two lists of texts look the same. */
    private static String quoted(Object text) {
        return " " + text.toString().length() + "\"" + text + "\"";
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
