package io.tidemark.cut;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.plan.Range;
import java.util.ArrayList;
import java.util.List;

/** The ranges that an operator has skipped, as they stand in the main hash. */
public final class SkippedRanges {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SkippedRanges() {}

    /**
     * Reads them.
     *
     * @param json {@code [{"partition": 1, "first": 100, "end": 150}]}; empty when nothing was skipped
     * @throws IllegalArgumentException when it is something else
     */
    public static List<Range> read(String json) {
        List<Range> ranges = new ArrayList<>();
        if (json.isEmpty()) {
            return ranges;
        }
        try {
            for (JsonNode each : JSON.readTree(json)) {
                ranges.add(new Range(
                        each.path("partition").asInt(-1),
                        each.path("first").asLong(),
                        each.path("end").asLong()));
            }
            return ranges;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + json, e);
        }
    }
}
