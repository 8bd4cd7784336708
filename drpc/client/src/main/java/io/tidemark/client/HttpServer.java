package io.tidemark.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A gateway, asked over HTTP with what Java brings along. */
final class HttpServer implements Server {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;

    private final URI base;
    private final HttpClient http;

    /** @param base ends in a slash */
    HttpServer(URI base, Duration connect) {
        this.base = base;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connect)
                .build();
    }

    @Override
    public String address() {
        return base.getAuthority();
    }

    @Override
    public String ask(String function, String arguments, Deadline deadline, int connectMillis) {
        HttpRequest request = HttpRequest.newBuilder(base.resolve("api/" + function))
                .timeout(Duration.ofMillis(Math.max(1, deadline.leftMillis())))
                .header("Content-Type", arguments.startsWith("{") ? "application/json" : "text/plain; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(arguments))
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return checked(response.statusCode(), response.body());
        } catch (HttpTimeoutException e) {
            throw new AnswerTimedOutException(
                    "no answer to \"" + function + "\" from " + address() + " within "
                            + deadline.timeout().toMillis() + " ms; try again in a few seconds.",
                    e);
        } catch (ConnectException e) {
            throw new ServiceUnreachableException("nothing answers at " + address() + " (connection refused)", e);
        } catch (IOException e) {
            throw new ServiceUnreachableException(
                    "nothing answers at " + address() + " (" + e.getClass().getSimpleName() + ": " + e.getMessage()
                            + ")",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServiceUnreachableException("interrupted while " + address() + " was asked", e);
        }
    }

    /** The core's answers echo the question; what does not is the gateway's own word. */
    private String checked(int status, String body) {
        JsonNode error = error(body);
        if (status == 200 || error == null) {
            return body;
        }
        String code = error.path("code").asText();
        String message = error.path("message").asText();
        if (status == TOO_MANY_REQUESTS || status == UNAVAILABLE) {
            throw new ServiceBusyException(address() + " answers " + code + ": " + message);
        }
        List<String> known = new ArrayList<>();
        error.path("known").forEach(word -> known.add(word.asText()));
        throw new QuestionRejectedException(code, message, known);
    }

    private static JsonNode error(String body) {
        try {
            JsonNode answer = JSON.readTree(body);
            return answer.has("query") || !answer.path("error").has("code") ? null : answer.get("error");
        } catch (JsonProcessingException e) {
            return null; // Whoever asked finds that it is no answer.
        }
    }

    @Override
    public void close() {
        // HttpClient ends its threads when nobody uses it any more.
    }
}
