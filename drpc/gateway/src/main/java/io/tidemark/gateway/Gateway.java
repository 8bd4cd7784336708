package io.tidemark.gateway;

import io.tidemark.commit.RedisConnection;
import io.tidemark.gateway.live.LiveFeeds;
import io.tidemark.query.Answers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers over HTTP and WebSocket, and the live page, from one Redis, until it is closed. Redis may be away when it
 * starts, and go and come back: meanwhile it says so. Thread-safe.
 */
public final class Gateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final int MOST_THREADS = 32;
    private static final int LARGEST_HEAD = 8 << 10;
    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final Duration TO_STOP = Duration.ofSeconds(1);

    /** What the system keeps for a reader that does not read; a default of megabytes would be minutes of messages. */
    private static final int SEND_BUFFER = 64 << 10;

    private final GatewayOptions options;
    private final RedisConnection redis;
    private final Answers answers;
    private final LiveFeeds feeds;
    private final Asking asking;
    private final Figures figures = new Figures();
    private final Server server;
    private final ServerConnector connector;

    private Gateway(GatewayOptions options) {
        this.options = options;
        this.redis = new RedisConnection(options.redis());
        this.answers = new Answers(options.redis());
        this.feeds = new LiveFeeds(options.redis(), this::everythingOf, options.quiet());
        this.asking = new Asking(new Functions(answers));
        this.figures.watch(feeds.figures());
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, 2);
        threads.setName("gateway-http");
        threads.setDaemon(true);
        this.server = new Server(threads);
        this.connector = connector();
        server.addConnector(connector);
        server.setHandler(door(new Functions(answers)));
        server.setErrorHandler(new JsonErrors());
        server.setStopTimeout(TO_STOP.toMillis());
    }

    /**
     * Listens from now on.
     *
     * @throws UncheckedIOException when the address or port is taken or not this machine's
     */
    public static Gateway start(GatewayOptions options) {
        Gateway gateway = new Gateway(options);
        try {
            gateway.server.start();
        } catch (IOException e) {
            gateway.close();
            throw new UncheckedIOException(e);
        } catch (Exception e) { // Jetty declares no less.
            gateway.close();
            throw new IllegalStateException(
                    "the gateway does not start on " + options.bind() + ":" + options.port(), e);
        }
        LOG.info("listens on {}", gateway.url());
        return gateway;
    }

    private Door door(Functions functions) {
        StreamList streams = new StreamList(redis);
        Routes routes = new Routes(
                asking,
                streams,
                new PageFiles(),
                new Health(streams, functions, feeds),
                figures,
                new StreamFigures(figures.registry(), functions));
        WebSockets webSockets = new WebSockets(
                options, feeds, streams, asking, WebSocketServerComponents.ensureWebSocketComponents(server));
        return new Door(
                new Origins(options.bind(), options.allowOrigins()),
                new RateLimit(options.requestsPerSecond(), System::nanoTime),
                routes,
                webSockets,
                figures);
    }

    private ServerConnector connector() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(LARGEST_HEAD);
        ServerConnector made = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        made.setHost(options.bind());
        made.setPort(options.port());
        made.setShutdownIdleTimeout(TO_STOP.toMillis() / 4);
        made.setIdleTimeout(IDLE.toMillis());
        made.setAcceptedSendBufferSize(SEND_BUFFER);
        return made;
    }

    private String everythingOf(String stream) {
        return answers.counts("stream=" + stream);
    }

    /** The port that it listens on. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Where a browser on this machine finds the page. */
    public String url() {
        InetSocketAddress bound = new InetSocketAddress(options.bind(), port());
        String host = bound.getAddress() == null || bound.getAddress().isAnyLocalAddress()
                ? "127.0.0.1"
                : bound.getHostString();
        return "http://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port() + "/";
    }

    /** Says good-bye to readers, lets what is under way end for a second, and stops. */
    @Override
    public void close() {
        feeds.close();
        asking.close();
        try {
            server.stop();
        } catch (TimeoutException e) {
            LOG.info("connections that were not done within {} ms were cut off", TO_STOP.toMillis());
        } catch (Exception e) { // Jetty declares no less.
            LOG.warn("the gateway did not stop in order; it goes with this process", e);
        }
        figures.close();
        answers.close();
        redis.close();
    }
}
