package io.tidemark.gateway;

import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.stream.RefusedException;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;

/** What each path answers. */
final class Routes {
    private static final String API = "/api/";
    private static final int LARGEST_QUESTION = 100_000;

    private final Asking asking;
    private final StreamList streams;
    private final PageFiles page;

    Routes(Asking asking, StreamList streams, PageFiles page) {
        this.asking = asking;
        this.streams = streams;
        this.page = page;
    }

    void handle(String path, Request request, Response response, Callback callback) {
        String function = path.startsWith(API) ? path.substring(API.length()) : "";
        if (Question.FUNCTIONS.contains(function)) {
            question(function, request, response, callback);
        } else if (path.equals("/api/streams")) {
            if (isRead(request, response, callback)) {
                asking.run(
                        () -> streams(request, response, callback),
                        busy -> Reply.json(request, response, callback, busy.status(), busy.json()));
            }
        } else {
            file(path, request, response, callback);
        }
    }

    private void question(String function, Request request, Response response, Callback callback) {
        switch (request.getMethod()) {
            case "GET", "HEAD" ->
                ask(Question.of(function, Request.extractQueryParameters(request)), request, response, callback);
            case "POST" -> posted(function, request, response, callback);
            default -> notAllowed("GET, HEAD, POST, OPTIONS", request, response, callback);
        }
    }

    private void posted(String function, Request request, Response response, Callback callback) {
        Content.Source.asByteArrayAsync(request, LARGEST_QUESTION, new Promise.Invocable.NonBlocking<byte[]>() {
            @Override
            public void succeeded(byte[] body) {
                Question question = new Question(function, new String(body, StandardCharsets.UTF_8));
                ask(question, request, response, callback);
            }

            @Override
            public void failed(Throwable why) {
                String message = "a question has at most " + LARGEST_QUESTION + " bytes";
                Reply.json(request, response, callback, 413, Errors.json("too-large", message));
            }
        });
    }

    private void ask(Question question, Request request, Response response, Callback callback) {
        asking.ask(question, answered -> Reply.json(request, response, callback, answered.status(), answered.json()));
    }

    private void streams(Request request, Response response, Callback callback) {
        String json;
        int status = 200;
        try {
            json = streams.json();
        } catch (StoreUnavailableException e) {
            json = Errors.json("store-unavailable", e.getMessage());
            status = 503;
        } catch (RefusedException e) {
            json = Errors.json(e.refusal().code(), e.refusal().message());
            status = 503;
        }
        Reply.json(request, response, callback, status, json);
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
            notAllowed("GET, HEAD, OPTIONS", request, response, callback);
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
