package io.tidemark.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Writes whole responses: with their length, compressed where that is worth it and wanted, without a body for HEAD. */
final class Reply {
    static final String JSON = "application/json; charset=utf-8";
    private static final int WORTH_IT = 1_400;

    private Reply() {}

    /** An answer that holds for now only. */
    static void json(Request request, Response response, Callback callback, int status, String json) {
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        bytes(request, response, callback, status, JSON, json.getBytes(StandardCharsets.UTF_8));
    }

    static void bytes(
            Request request, Response response, Callback callback, int status, String contentType, byte[] plain) {
        response.getHeaders().put(HttpHeader.VARY, "Accept-Encoding, Origin");
        byte[] body = plain;
        if (plain.length > WORTH_IT && accepted(request)) {
            body = compressed(plain);
            response.getHeaders().put(HttpHeader.CONTENT_ENCODING, "gzip");
        }
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        boolean isHead = request.getMethod().equals("HEAD");
        response.write(true, isHead ? ByteBuffer.allocate(0) : ByteBuffer.wrap(body), callback);
    }

    private static boolean accepted(Request request) {
        for (String encoding : request.getHeaders().getCSV(HttpHeader.ACCEPT_ENCODING, false)) {
            if (encoding.strip().matches("(?i)gzip(\\s*;\\s*q=(1(\\.0*)?|0\\.\\d*[1-9]\\d*))?")) {
                return true;
            }
        }
        return false;
    }

    private static byte[] compressed(byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(plain.length / 3);
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
