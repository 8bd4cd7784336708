package io.tidemark.gateway;

import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.gateway.live.LiveFeeds;
import io.tidemark.stream.RefusedException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes readers of requests that ask for a WebSocket, as many as there may be. Thread-safe. */
final class WebSockets {
    private static final Logger LOG = LoggerFactory.getLogger(WebSockets.class);
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final String NAME = "[a-z][a-z0-9-]{0,31}";
    private static final int MOST_UNCHECKED = 64;

    private final GatewayOptions options;
    private final LiveFeeds feeds;
    private final StreamList streams;
    private final Asking asking;
    private final WebSocketMappings jetty;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentMap<String, Integer> openByAddress = new ConcurrentHashMap<>();

    WebSockets(
            GatewayOptions options,
            LiveFeeds feeds,
            StreamList streams,
            Asking asking,
            WebSocketComponents components) {
        this.options = options;
        this.feeds = feeds;
        this.streams = streams;
        this.asking = asking;
        this.jetty = new WebSocketMappings(components);
    }

    boolean isWanted(Request request) {
        return jetty.getHandshaker().isWebSocketUpgradeRequest(request);
    }

    /** Makes one of a request, or refuses it. */
    void upgrade(String path, InetAddress from, Request request, Response response, Callback callback) {
        if (!path.equals("/") && !path.equals("/live")) {
            refuse(
                    404,
                    "not-found",
                    "there is no WebSocket at this path: / and /live are",
                    request,
                    response,
                    callback);
        } else if (!enter(from)) {
            refuse(503, "too-many-readers", "there is no room for another reader", request, response, callback);
        } else {
            AtomicBoolean isIn = new AtomicBoolean(true);
            Runnable leave = () -> {
                if (isIn.getAndSet(false)) {
                    leave(from);
                }
            };
            asking.run(() -> open(path, leave, request, response, callback), busy -> {
                leave.run();
                Reply.json(request, response, callback, busy.status(), busy.json());
            });
        }
    }

    private void open(String path, Runnable leave, Request request, Response response, Callback callback) {
        String stream = Request.extractQueryParameters(request).getValue("stream");
        Refusal refusal = null;
        try {
            SortedSet<String> names = streams.names().offered();
            if (stream == null && names.size() == 1) {
                stream = names.first();
            } else if (stream == null && names.isEmpty()) {
                refusal = new Refusal(503, "not-initialised", "no stream has counted anything in this Redis yet");
            } else if (stream == null) {
                refusal = new Refusal(400, "stream-not-said", "say which stream, with ?stream=NAME: " + names);
            } else if (!streams.names().all().contains(stream)) {
                refusal = new Refusal(404, "unknown-stream", "there is no such stream in this Redis: " + names);
            }
        } catch (StoreUnavailableException | RefusedException e) {
            // A reader that says its stream may wait until Redis is back; so many feeds at most.
            if (stream == null || !stream.matches(NAME) || feeds.size() > MOST_UNCHECKED) {
                refusal = new Refusal(503, "store-unavailable", e.getMessage());
            }
        }
        if (refusal == null) {
            handshake(path, stream, leave, request, response, callback);
        } else {
            leave.run();
            refuse(refusal.status(), refusal.code(), refusal.message(), request, response, callback);
        }
    }

    private record Refusal(int status, String code, String message) {}

    private void handshake(
            String path, String stream, Runnable leave, Request request, Response response, Callback callback) {
        FrameHandler reader = path.equals("/live") ? feeds.live(stream, leave) : feeds.labels(stream, leave);
        WebSocketNegotiator negotiator = new WebSocketNegotiator() {
            @Override
            public FrameHandler negotiate(
                    ServerUpgradeRequest upgraded, ServerUpgradeResponse answer, Callback negotiated) {
                // Compressing for each reader apart would undo that a cut goes out once for all.
                answer.setExtensions(List.of());
                return reader;
            }
        };
        Configuration.ConfigurationCustomizer configuration = new Configuration.ConfigurationCustomizer();
        configuration.setIdleTimeout(idle());
        // A handshake that fails makes no reader that could leave by itself.
        Callback ended = Callback.from(callback, () -> {
            if (response.getStatus() != SWITCHING_PROTOCOLS) {
                leave.run();
            }
        });
        boolean isDone = false;
        try {
            isDone = jetty.upgrade(negotiator, request, response, ended, configuration);
        } catch (RuntimeException e) {
            LOG.debug("a handshake that is none", e);
        }
        if (!isDone) {
            refuse(400, "bad-handshake", "the request for a WebSocket is not complete", request, response, ended);
        }
    }

    /** A reader that answers pings is not idle. */
    private Duration idle() {
        return options.quiet().multipliedBy(4);
    }

    private boolean enter(InetAddress from) {
        if (open.incrementAndGet() > options.mostReaders()) {
            open.decrementAndGet();
            return false;
        }
        int ofOne = openByAddress.merge(RateLimit.key(from), 1, Integer::sum);
        if (ofOne > options.mostReadersOfOne()) {
            leave(from);
            return false;
        }
        return true;
    }

    private void leave(InetAddress from) {
        open.decrementAndGet();
        openByAddress.computeIfPresent(RateLimit.key(from), (key, count) -> count == 1 ? null : count - 1);
    }

    private static void refuse(
            int status, String code, String message, Request request, Response response, Callback callback) {
        Reply.json(request, response, callback, status, Errors.json(code, message));
    }
}
