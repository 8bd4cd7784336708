package io.tidemark.gateway;

import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** What Jetty itself refuses is an error in JSON too, and tells nothing of the inside. */
final class JsonErrors extends ErrorHandler {
    @Override
    protected void generateResponse(
            Request request, Response response, int code, String message, Throwable cause, Callback callback) {
        Reply.json(request, response, callback, code, json(code));
    }

    private static String json(int status) {
        String name = HttpStatus.getMessage(status);
        return Errors.json(name.toLowerCase(java.util.Locale.ROOT).replace(' ', '-'), "HTTP " + status + ": " + name);
    }
}
