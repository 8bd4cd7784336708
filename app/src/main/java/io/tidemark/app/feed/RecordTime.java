package io.tidemark.app.feed;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tidemark.event.EventTime;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * Takes a record's timestamp from the event itself, so that old events land in their own buckets. Reads times as the
 * streams do. Not thread-safe.
 */
final class RecordTime {
    /** Brokers take no record that is further ahead of their clock. */
    private static final Duration FURTHEST_AHEAD = Duration.ofHours(1);

    private final List<JsonPointer> pointers;
    private final Clock clock;
    private final ObjectReader json = JsonMapper.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build()
            .reader();

    /** @param pointers where the time may stand; the first that can be read as one counts */
    RecordTime(List<String> pointers, Clock clock) {
        this.pointers = pointers.stream().map(JsonPointer::compile).toList();
        this.clock = clock;
    }

    /** The event's time in Unix milliseconds; null where it has none, or one that is more than an hour ahead. */
    Long of(byte[] line) {
        JsonNode event;
        try {
            event = json.readTree(line);
        } catch (IOException notJson) {
            return null;
        }
        for (JsonPointer pointer : pointers) {
            long micros = micros(event.at(pointer));
            if (micros != EventTime.NONE) {
                long millis = Math.floorDiv(micros, 1000L);
                boolean fits = millis >= 0 && millis <= clock.millis() + FURTHEST_AHEAD.toMillis();
                return fits ? millis : null;
            }
        }
        return null;
    }

    private static long micros(JsonNode node) {
        if (node.isTextual()) {
            return EventTime.ofText(node.textValue());
        }
        if (node.isNumber()) {
            return EventTime.ofNumber(node.asText());
        }
        return EventTime.NONE;
    }
}
