package io.tidemark.stream;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** Collects what is wrong with a configuration, so that all of it is said at once. */
final class Mistakes {
    private final List<Problem> found = new ArrayList<>();

    void at(Node node, String message) {
        at(node.getStartMark(), message);
    }

    void at(Optional<Mark> mark, String message) {
        Problem problem = new Problem(
                mark.map(Mark::getLine).orElse(0) + 1, mark.map(Mark::getColumn).orElse(0) + 1, oneLine(message));
        if (!found.contains(problem)) {
            found.add(problem);
        }
    }

    /** A word that is not one of those that may stand here. */
    void unknownWord(Node node, String what, String word, Collection<String> known) {
        at(node, what + " " + shown(word) + " is not known; " + expected(word, known));
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    int count() {
        return found.size();
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new InvalidConfigException(found);
        }
    }

    /** A value as it stands in a message: not too long. */
    static String shown(String value) {
        boolean isLong = value.codePointCount(0, value.length()) > 60;
        String begin = isLong ? value.substring(0, value.offsetByCodePoints(0, 60)) + "..." : value;
        return "\"" + begin + "\"";
    }

    /** Without line breaks and whatever else could harm a terminal. */
    private static String oneLine(String message) {
        StringBuilder safe = new StringBuilder();
        message.replace('\n', ' ').codePoints().forEach(c -> safe.appendCodePoint(isPlain(c) ? c : '?'));
        return safe.toString();
    }

    private static boolean isPlain(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private static String expected(String word, Collection<String> known) {
        String all = known.isEmpty() ? "there are none" : "known: " + String.join(", ", known);
        return NearestWord.to(word, known)
                .map(nearest -> "did you mean " + nearest + "? (" + all + ")")
                .orElse(all);
    }
}
