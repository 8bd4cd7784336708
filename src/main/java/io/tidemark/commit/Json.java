package io.tidemark.commit;

import java.util.SortedMap;
import java.util.stream.Collectors;

/** The JSON that is written into Redis's fields: offsets by partition. */
final class Json {
    private Json() {}

    static String ofOffsets(SortedMap<Integer, Long> offsets) {
        return offsets.entrySet().stream()
                .map(e -> "\"" + e.getKey() + "\":" + e.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }
}
