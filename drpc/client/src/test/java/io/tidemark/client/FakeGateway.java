package io.tidemark.client;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BinaryOperator;

/** Speaks HTTP as the gateway does, and answers what a test says. */
final class FakeGateway implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** @param answer to a function and its arguments; begins with a status where that is not 200: {@code "409 {..."} */
    FakeGateway(BinaryOperator<String> answer) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(threads);
        server.createContext("/api/", exchange -> {
            String function = exchange.getRequestURI().getPath().substring("/api/".length());
            String arguments = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String text = answer.apply(function, arguments);
            boolean hasStatus = text.matches("(?s)\\d{3} .*");
            byte[] body = (hasStatus ? text.substring(4) : text).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(hasStatus ? Integer.parseInt(text.substring(0, 3)) : 200, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
