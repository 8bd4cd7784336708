package io.tidemark.gateway;

import io.tidemark.gateway.Asking.Answered;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Where every request comes in: who may ask at all, what each response carries, and WebSocket or not. */
final class Door extends Handler.Abstract.NonBlocking {
    private final Origins origins;
    private final RateLimit rate;
    private final Routes routes;
    private final WebSockets webSockets;
    private final Figures figures;

    Door(Origins origins, RateLimit rate, Routes routes, WebSockets webSockets, Figures figures) {
        this.origins = origins;
        this.rate = rate;
        this.routes = routes;
        this.webSockets = webSockets;
        this.figures = figures;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String path = Request.getPathInContext(request);
        String authority = request.getHeaders().get(HttpHeader.HOST);
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        secure(response);
        Callback timed = figures.timed(path, response, callback);
        if (!origins.mayBeAsked(authority)) {
            refuse(
                    request,
                    response,
                    timed,
                    new Answered(
                            421,
                            Errors.json(
                                    "wrong-host",
                                    "this gateway does not answer for the host \"" + authority
                                            + "\"; it does when it is started with --allow-origin")));
        } else if (!rate.allows(address(request))) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
            refuse(
                    request,
                    response,
                    timed,
                    new Answered(
                            429,
                            Errors.json("too-many-requests", "too many requests from your address; wait a second")));
        } else if (!Utf8.isQuery(request)) {
            refuse(
                    request,
                    response,
                    timed,
                    new Answered(
                            400,
                            Errors.json(
                                    "bad-request", "the parameters are not UTF-8 in percent-encoding, like %C3%A9")));
        } else if (webSockets.isWanted(request)) {
            if (origins.mayRead(origin, authority)) {
                webSockets.upgrade(path, address(request), request, response, timed);
            } else {
                refuse(
                        request,
                        response,
                        timed,
                        new Answered(
                                403,
                                Errors.json(
                                        "wrong-origin",
                                        "pages of " + origin
                                                + " may not read here; they may when the gateway is started with --allow-origin")));
            }
        } else {
            if (origins.isAllowed(origin)) {
                response.getHeaders().put(HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            }
            routes.handle(path, request, response, timed);
        }
        return true;
    }

    private static void refuse(Request request, Response response, Callback callback, Answered why) {
        Reply.json(request, response, callback, why.status(), why.json());
    }

    private static InetAddress address(Request request) {
        SocketAddress remote = request.getConnectionMetaData().getRemoteSocketAddress();
        return remote instanceof InetSocketAddress inet ? inet.getAddress() : InetAddress.getLoopbackAddress();
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
}
