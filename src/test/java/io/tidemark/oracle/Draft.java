package io.tidemark.oracle;

import io.tidemark.oracle.JsonText.Member;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** An event while it is made: its members as JSON text, and the categories that each choice gave it. */
final class Draft {
    static final String META = "meta";

    final List<Member> members = new ArrayList<>();
    /** What stands in {@code /meta}; null where there is none. */
    List<Member> meta;

    final Map<String, String> categories = new HashMap<>();
    Long time;

    Draft put(String name, String json) {
        members.add(new Member(name, json));
        return this;
    }

    void category(String dimension, String value) {
        categories.put(dimension, value);
    }

    void set(String name, String json) {
        remove(name);
        put(name, json);
    }

    void remove(String name) {
        members.removeIf(m -> m.name().equals(name));
    }

    boolean has(String name) {
        return members.stream()
                .anyMatch(m -> m.name().equals(name) && !m.value().equals("null"));
    }

    String json(JsonText text, SplittableRandom random) {
        List<Member> all = new ArrayList<>(members);
        if (meta != null) {
            if (text.isUnusual()) {
                shuffle(meta, random);
            }
            all.add(Math.min(1, all.size()), new Member(META, text.object(meta)));
        }
        if (text.isUnusual()) {
            shuffle(all, random);
        }
        return text.blank() + text.object(all) + text.blank();
    }

    private static void shuffle(List<Member> members, SplittableRandom random) {
        for (int i = members.size() - 1; i > 0; i--) {
            members.set(i, members.set(random.nextInt(i + 1), members.get(i)));
        }
    }
}
