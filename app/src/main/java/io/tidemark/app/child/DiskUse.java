package io.tidemark.app.child;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.app.service.DataFolder;
import java.nio.file.Path;

/** What the service's data folder takes on disk, as a field of the status. Thread-safe. */
final class DiskUse {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DataFolder folder;

    DiskUse(Path data) {
        folder = new DataFolder(data);
    }

    /** Adds {@code disk} (bytes of events, counts and logs) to an answer that is a JSON object and no error. */
    String addTo(String answer) {
        try {
            JsonNode tree = JSON.readTree(answer);
            if (!(tree instanceof ObjectNode status) || status.has("error")) {
                return answer;
            }
            ObjectNode disk = status.putObject("disk");
            disk.put("folder", folder.path().toString());
            disk.put("eventBytes", DataFolder.diskUse(folder.kafka()));
            disk.put("countBytes", DataFolder.diskUse(folder.redis()));
            disk.put("logBytes", DataFolder.diskUse(folder.logs()));
            return JSON.writeValueAsString(status);
        } catch (JsonProcessingException e) {
            return answer;
        }
    }
}
