package io.tidemark.stream;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/** The values that categories can have: what is reserved, how long they may be, and what a real value becomes. */
public final class Categories {
    /** There is no value, or an empty text. */
    public static final String UNKNOWN = "(unknown)";
    /** Beyond a ranked dimension's cap. */
    public static final String OTHER = "(other)";
    /** Longer than {@value #LONGEST} bytes of UTF-8. */
    public static final String TOO_LONG = "(too long)";
    /** The longest category, in bytes of UTF-8. */
    public static final int LONGEST = 512;

    /** The values that stand for what has none of its own. */
    public static final Set<String> RESERVED = Set.of(UNKNOWN, OTHER, TOO_LONG);

    private Categories() {}

    /**
     * The category of a value that stands in a record: as it is, but {@code (unknown)} for an empty text, {@code (too
     * long)} above {@value #LONGEST} bytes, and with one backslash more where it reads like a reserved value, with or
     * without backslashes before it.
     */
    public static String of(String value) {
        if (value.isEmpty()) {
            return UNKNOWN;
        }
        if (isTooLong(value)) {
            return TOO_LONG;
        }
        return readsLikeReserved(value) ? "\\" + value : value;
    }

    private static boolean isTooLong(String value) {
        return value.length() > LONGEST
                || value.length() > LONGEST / 3 && value.getBytes(StandardCharsets.UTF_8).length > LONGEST;
    }

    private static boolean readsLikeReserved(String value) {
        if (value.charAt(value.length() - 1) != ')') {
            return false;
        }
        int slashes = 0;
        while (value.charAt(slashes) == '\\') {
            slashes++;
        }
        return RESERVED.contains(value.substring(slashes));
    }

    /** Why a configuration cannot give this category; empty when it can. */
    static Optional<String> whatIsWrongWith(String category) {
        if (category.isEmpty()) {
            return Optional.of("is empty");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(category)) {
            return Optional.of("has half a surrogate pair");
        }
        if (isTooLong(category)) {
            return Optional.of("is longer than " + LONGEST + " bytes");
        }
        if (readsLikeReserved(category)) {
            return Optional.of("is reserved; (unknown), (other) and (too long) are counted by themselves");
        }
        return Optional.empty();
    }

    /** A category that is written in the configuration. */
    static Optional<String> literal(Section section, Node node, String what, Mistakes mistakes) {
        Optional<String> text = section.text(node, what);
        Optional<String> wrong = text.flatMap(Categories::whatIsWrongWith);
        wrong.ifPresent(why -> mistakes.at(node, what + " " + why));
        return wrong.isPresent() ? Optional.empty() : text;
    }
}
