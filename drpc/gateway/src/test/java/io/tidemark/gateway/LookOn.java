package io.tidemark.gateway;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** A reader on a WebSocket that keeps all that it is told, and puts counts together as a page does. */
final class LookOn implements WebSocket.Listener, AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    final List<JsonNode> messages = new CopyOnWriteArrayList<>();
    volatile int closeCode;
    volatile String closeReason;
    private final StringBuilder part = new StringBuilder();
    private final WebSocket socket;

    LookOn(HttpClient client, URI uri, String... headers) {
        WebSocket.Builder builder = client.newWebSocketBuilder().connectTimeout(SOON);
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        socket = builder.buildAsync(uri, this).join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        part.append(data);
        if (last) {
            try {
                messages.add(JSON.readTree(part.toString()));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(part.toString(), e);
            }
            part.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        closeReason = reason;
        closeCode = statusCode;
        return null;
    }

    List<JsonNode> ofType(String type) {
        return messages.stream()
                .filter(m -> m.path("type").asText().equals(type))
                .toList();
    }

    JsonNode awaitType(String type) {
        await().atMost(SOON).until(() -> !ofType(type).isEmpty());
        return ofType(type).get(0);
    }

    /** One count as a page would show it: the last whole message and all changes since. */
    long count(String dimension, String category) {
        long count = 0;
        for (JsonNode message : messages) {
            if (message.path("type").asText().equals("full")) {
                count = 0;
            }
            count = message.path("counts").path(dimension).path(category).asLong(count);
        }
        return count;
    }

    void awaitCount(String dimension, String category, long count) {
        await().atMost(SOON).until(() -> count(dimension, category) == count);
    }

    WebSocket socket() {
        return socket;
    }

    @Override
    public void close() {
        socket.abort();
    }
}
