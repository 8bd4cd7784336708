package io.tidemark.gateway;

import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.gateway.Asking.Answered;
import io.tidemark.stream.RefusedException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;

/** What each path answers. */
final class Routes {
    private static final String API = "/api/";
    private static final String READ = "GET, HEAD, OPTIONS";
    private static final String ASKED = "GET, HEAD, POST, OPTIONS";
    private static final int LARGEST_QUESTION = 100_000;

    private final Asking asking;
    private final StreamList streams;
    private final PageFiles page;
    private final Health health;
    private final Figures figures;
    private final StreamFigures streamFigures;

    Routes(
            Asking asking,
            StreamList streams,
            PageFiles page,
            Health health,
            Figures figures,
            StreamFigures streamFigures) {
        this.asking = asking;
        this.streams = streams;
        this.page = page;
        this.health = health;
        this.figures = figures;
        this.streamFigures = streamFigures;
    }

    void handle(String path, Request request, Response response, Callback callback) {
        String function = path.startsWith(API) ? path.substring(API.length()) : "";
        if (request.getMethod().equals("OPTIONS")) {
            options(function, request, response, callback);
        } else if (Question.FUNCTIONS.contains(function)) {
            question(function, request, response, callback);
        } else {
            switch (path) {
                case "/api/streams" -> read(this::streams, request, response, callback);
                case "/health" -> read(health::look, request, response, callback);
                case "/metrics" -> metrics(request, response, callback);
                case "/live" -> upgradeNeeded(request, response, callback);
                default -> file(path, request, response, callback);
            }
        }
    }

    private void read(Supplier<Answered> reading, Request request, Response response, Callback callback) {
        if (isRead(request, response, callback)) {
            Consumer<Answered> done =
                    answered -> Reply.json(request, response, callback, answered.status(), answered.json());
            asking.run(() -> done.accept(reading.get()), done);
        }
    }

    private void metrics(Request request, Response response, Callback callback) {
        if (isRead(request, response, callback)) {
            asking.run(
                    () -> {
                        streamFigures.read(streams.namesOrNull());
                        byte[] text = figures.text().getBytes(StandardCharsets.UTF_8);
                        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
                        Reply.bytes(request, response, callback, 200, Figures.CONTENT_TYPE, text);
                    },
                    busy -> Reply.json(request, response, callback, busy.status(), busy.json()));
        }
    }

    private static void upgradeNeeded(Request request, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.UPGRADE, "websocket");
        Reply.json(request, response, callback, 426, Errors.json("upgrade-required", "this path is a WebSocket"));
    }

    private static void options(String function, Request request, Response response, Callback callback) {
        String allowed = Question.FUNCTIONS.contains(function) ? ASKED : READ;
        response.getHeaders().put(HttpHeader.ALLOW, allowed);
        if (response.getHeaders().contains(HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN)) {
            response.getHeaders().put("Access-Control-Allow-Methods", allowed);
            response.getHeaders().put("Access-Control-Allow-Headers", "Content-Type");
            response.getHeaders().put("Access-Control-Max-Age", "600");
        }
        response.setStatus(204);
        callback.succeeded();
    }

    private void question(String function, Request request, Response response, Callback callback) {
        switch (request.getMethod()) {
            case "GET", "HEAD" ->
                ask(() -> Question.of(function, Request.extractQueryParameters(request)), request, response, callback);
            case "POST" -> posted(function, request, response, callback);
            default -> notAllowed(ASKED, request, response, callback);
        }
    }

    private static void tooLarge(Request request, Response response, Callback callback) {
        // What is left of it is not read, so nothing else can come on this connection.
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        String message = "a question has at most " + LARGEST_QUESTION + " bytes";
        Reply.json(request, response, callback, 413, Errors.json("too-large", message));
    }

    private void posted(String function, Request request, Response response, Callback callback) {
        Content.Source.asByteArrayAsync(request, LARGEST_QUESTION, new Promise.Invocable.NonBlocking<byte[]>() {
            @Override
            public void succeeded(byte[] body) {
                ask(() -> new Question(function, Utf8.text("the question", body)), request, response, callback);
            }

            @Override
            public void failed(Throwable why) {
                // On another thread: Jetty is not done with the failure before this returns.
                asking.run(() -> tooLarge(request, response, callback), busy -> tooLarge(request, response, callback));
            }
        });
    }

    private void ask(Supplier<Question> asked, Request request, Response response, Callback callback) {
        Question question;
        Duration wait;
        try {
            question = asked.get();
            wait = Wait.parse(Request.extractQueryParameters(request).getValue("wait"));
        } catch (IllegalArgumentException e) {
            Reply.json(request, response, callback, 400, Errors.json("bad-request", e.getMessage()));
            return;
        }
        asking.ask(
                question,
                wait,
                answered -> Reply.json(request, response, callback, answered.status(), answered.json()));
    }

    private Answered streams() {
        try {
            return new Answered(200, streams.json());
        } catch (StoreUnavailableException e) {
            return new Answered(503, Errors.json("store-unavailable", e.getMessage()));
        } catch (RefusedException e) {
            return new Answered(503, Errors.json(e.refusal().code(), e.refusal().message()));
        }
    }

    private void file(String path, Request request, Response response, Callback callback) {
        PageFiles.PageFile file = page.file(path).orElse(null);
        if (file == null) {
            Reply.json(request, response, callback, 404, Errors.json("not-found", "there is nothing at this path"));
        } else if (isRead(request, response, callback)) {
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
            response.getHeaders().put(HttpHeader.ETAG, file.etag());
            if (request.getHeaders().getCSV(HttpHeader.IF_NONE_MATCH, true).contains(file.etag())) {
                response.setStatus(304);
                callback.succeeded();
            } else {
                Reply.bytes(request, response, callback, 200, file.contentType(), file.contents());
            }
        }
    }

    private static boolean isRead(Request request, Response response, Callback callback) {
        boolean isRead =
                request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
        if (!isRead) {
            notAllowed(READ, request, response, callback);
        }
        return isRead;
    }

    private static void notAllowed(String allowed, Request request, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.ALLOW, allowed);
        Reply.json(
                request,
                response,
                callback,
                405,
                Errors.json("method-not-allowed", "this path takes " + allowed + ", not " + request.getMethod()));
    }
}
