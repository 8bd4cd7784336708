package io.tidemark.stream;

import java.util.Objects;

/**
 * One mistake in a configuration.
 *
 * @param line where it stands, from 1
 * @param column from 1
 * @param message what is wrong, what was expected, and the nearest right word where there is one
 */
public record Problem(int line, int column, String message) implements Comparable<Problem> {
    public Problem {
        Objects.requireNonNull(message, "message");
    }

    @Override
    public int compareTo(Problem other) {
        int byLine = Integer.compare(line, other.line);
        return byLine != 0 ? byLine : Integer.compare(column, other.column);
    }

    /** One line: {@code orders.yaml:12:5: ...}. */
    public String format(String file) {
        return file + ":" + line + ":" + column + ": " + message;
    }
}
