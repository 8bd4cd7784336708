package io.tidemark.gateway;

import io.tidemark.gateway.live.LiveFeeds;
import java.util.List;
import java.util.SortedSet;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;

/** Where every request comes in: who may ask at all, what each response carries, and WebSocket or not. */
final class Door extends Handler.Abstract.NonBlocking {
    private static final java.time.Duration IDLE = java.time.Duration.ofSeconds(60);

    private final GatewayOptions options;
    private final Routes routes;
    private final LiveFeeds feeds;
    private final StreamList streams;
    private final WebSocketMappings webSockets;

    Door(GatewayOptions options, Routes routes, LiveFeeds feeds, StreamList streams, WebSocketComponents components) {
        this.options = options;
        this.routes = routes;
        this.feeds = feeds;
        this.streams = streams;
        this.webSockets = new WebSocketMappings(components);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws EofException {
        secure(response);
        String path = Request.getPathInContext(request);
        if (webSockets.getHandshaker().isWebSocketUpgradeRequest(request)) {
            upgrade(path, request, response, callback);
        } else {
            routes.handle(path, request, response, callback);
        }
        return true;
    }

    private static void secure(Response response) {
        response.getHeaders()
                .put(
                        "Content-Security-Policy",
                        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
                                + "form-action 'none'; frame-ancestors 'none'");
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        response.getHeaders().put("Referrer-Policy", "no-referrer");
        response.getHeaders().put("Cross-Origin-Opener-Policy", "same-origin");
    }

    private void upgrade(String path, Request request, Response response, Callback callback) {
        Fields parameters = Request.extractQueryParameters(request);
        String stream = parameters.getValue("stream");
        if (stream == null) {
            SortedSet<String> names = streams.names();
            stream = names.size() == 1 ? names.first() : "";
        }
        FrameHandler reader = path.equals("/live") ? feeds.live(stream) : feeds.labels(stream);
        WebSocketNegotiator negotiator = new WebSocketNegotiator() {
            @Override
            public FrameHandler negotiate(
                    org.eclipse.jetty.websocket.core.server.ServerUpgradeRequest upgraded,
                    org.eclipse.jetty.websocket.core.server.ServerUpgradeResponse answer,
                    Callback negotiated) {
                // Compressing for each reader apart would undo that a cut goes out once for all.
                answer.setExtensions(List.of());
                return reader;
            }
        };
        Configuration.ConfigurationCustomizer configuration = new Configuration.ConfigurationCustomizer();
        configuration.setIdleTimeout(IDLE);
        webSockets.upgrade(negotiator, request, response, callback, configuration);
    }
}
