package io.tidemark.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/** Collects where something is not as expected, in words. Not thread-safe. */
public final class Differences {
    private static final int SHOWN = 60;

    private final List<String> lines = new ArrayList<>();

    public void add(String line) {
        lines.add(line);
    }

    public void compare(String what, Object expected, Object found) {
        if (!Objects.equals(expected, found)) {
            add(what + ": expected " + expected + ", found " + found);
        }
    }

    /** Compares counts by name; a count of 0 is the same as none. */
    public void compareCounts(String what, Map<String, Long> expected, Map<String, Long> found) {
        TreeSet<String> names = new TreeSet<>(expected.keySet());
        names.addAll(found.keySet());
        for (String name : names) {
            long right = expected.getOrDefault(name, 0L);
            long there = found.getOrDefault(name, 0L);
            if (right != there) {
                add(what + " " + visible(name) + ": expected " + right + ", found " + there + " ("
                        + (there > right ? "+" : "") + (there - right) + ")");
            }
        }
    }

    public List<String> lines() {
        return List.copyOf(lines);
    }

    public boolean none() {
        return lines.isEmpty();
    }

    private static String visible(String text) {
        StringBuilder visible = new StringBuilder("`");
        (text.length() > 80 ? text.substring(0, 80) + "..." : text)
                .chars()
                .forEach(c -> visible.append(c < 0x20 ? "\\x" + Integer.toHexString(c) : Character.toString(c)));
        return visible.append('`').toString();
    }

    @Override
    public String toString() {
        return lines.size() + " differences\n  "
                + String.join("\n  ", lines.subList(0, Math.min(SHOWN, lines.size())))
                + (lines.size() > SHOWN ? "\n  ... and " + (lines.size() - SHOWN) + " more" : "");
    }
}
