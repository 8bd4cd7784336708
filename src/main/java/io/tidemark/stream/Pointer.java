package io.tidemark.stream;

import java.util.List;

/**
 * A JSON pointer by RFC 6901, {@code /meta/dt}: where in a record a field lies. It leads through objects only.
 *
 * @param names of the fields on the way, outermost first; at least one
 */
public record Pointer(List<String> names) implements Comparable<Pointer> {
    public Pointer {
        names = List.copyOf(names);
        if (names.isEmpty()) {
            throw new IllegalArgumentException("a pointer to the whole record reads no field");
        }
    }

    /**
     * @param text begins with {@code /}; {@code ~1} stands for a slash inside a name and {@code ~0} for a tilde
     * @throws IllegalArgumentException when it is no JSON pointer to a field
     */
    public static Pointer of(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("a JSON pointer begins with /, as in /user, but this is " + text);
        }
        if (text.matches("(?s).*~(?![01]).*")) {
            throw new IllegalArgumentException("in a JSON pointer ~ is written ~0 and / inside a name ~1: " + text);
        }
        return new Pointer(List.of(text.substring(1).split("/", -1)).stream()
                .map(name -> name.replace("~1", "/").replace("~0", "~"))
                .toList());
    }

    @Override
    public int compareTo(Pointer other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        names.forEach(name -> text.append('/').append(name.replace("~", "~0").replace("/", "~1")));
        return text.toString();
    }
}
