package io.tidemark.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * The answer inside what a DRPC stream of Trident returns, for topologies that answer by one: the list of a query's
 * result tuples as JSON, here one tuple of one text: {@code [["{\"stream\": ...}"]]}.
 */
final class TridentResult {
    private static final ObjectMapper JSON = new ObjectMapper();

    private TridentResult() {}

    /** The one text of the one tuple; anything else comes back as it is, null too. */
    static String unwrap(String result) {
        if (result == null || !result.startsWith("[[\"")) {
            return result;
        }
        try {
            JsonNode tuples = JSON.readTree(result);
            boolean isOneText = tuples.size() == 1
                    && tuples.get(0).size() == 1
                    && tuples.get(0).get(0).isTextual();
            return isOneText ? tuples.get(0).get(0).textValue() : result;
        } catch (JsonProcessingException e) {
            return result;
        }
    }
}
