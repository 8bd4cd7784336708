package io.tidemark.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A plan as one line of JSON, which is what Trident keeps and hands around. Offsets are numbers there and read as
 * 64-bit ones. Thread-safe.
 */
public final class PlanText {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PlanText() {}

    public static String write(Plan plan) {
        ObjectNode root = JSON.createObjectNode();
        root.put("stream", plan.stream());
        root.put("topic-id", plan.topicId());
        root.put("fingerprint", plan.fingerprint());
        root.put("store", plan.storeId());
        ObjectNode start = root.putObject("start");
        plan.start().forEach((partition, offset) -> start.put(partition.toString(), offset));
        ObjectNode ranges = root.putObject("ranges");
        plan.ranges()
                .forEach((partition, range) ->
                        ranges.putArray(partition.toString()).add(range.first()).add(range.end()));
        ObjectNode epochs = root.putObject("epochs");
        plan.leaderEpochs().forEach((partition, epoch) -> epochs.put(partition.toString(), epoch));
        return root.toString();
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @return empty for null, and for a text of another kind: what an older or a foreign program left there is no plan,
     *     and the marks say all that is needed
     */
    public static Optional<Plan> read(String text) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            JsonNode root = JSON.readTree(text);
            SortedMap<Integer, Long> start = new TreeMap<>();
            for (Map.Entry<String, JsonNode> entry : root.required("start").properties()) {
                start.put(Integer.valueOf(entry.getKey()), entry.getValue().longValue());
            }
            SortedMap<Integer, Range> ranges = new TreeMap<>();
            for (Map.Entry<String, JsonNode> entry : root.required("ranges").properties()) {
                int partition = Integer.parseInt(entry.getKey());
                JsonNode range = entry.getValue();
                ranges.put(
                        partition,
                        new Range(
                                partition,
                                range.required(0).longValue(),
                                range.required(1).longValue()));
            }
            SortedMap<Integer, Integer> epochs = new TreeMap<>();
            for (Map.Entry<String, JsonNode> entry : root.required("epochs").properties()) {
                epochs.put(Integer.valueOf(entry.getKey()), entry.getValue().intValue());
            }
            return Optional.of(new Plan(
                    root.required("stream").textValue(),
                    root.required("topic-id").textValue(),
                    root.required("fingerprint").textValue(),
                    root.required("store").textValue(),
                    start,
                    ranges,
                    epochs));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
