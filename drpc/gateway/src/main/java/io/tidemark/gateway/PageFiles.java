package io.tidemark.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;

/** The live page's files, from the class path. Thread-safe. */
final class PageFiles {
    /** What describes the HTTP side; it lies beside the page. */
    private static final String OPEN_API = "openapi.json";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*(\\.[a-z0-9]+)+");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "mjs", "text/javascript; charset=utf-8",
            "json", "application/json; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "ico", "image/x-icon",
            "woff2", "font/woff2",
            "webmanifest", "application/manifest+json");

    private final ConcurrentMap<String, PageFile> files = new ConcurrentHashMap<>();

    /**
     * A file of the page.
     *
     * @param etag changes with the contents
     */
    record PageFile(String contentType, String etag, byte[] contents) {}

    /** @param path of the request, from its first slash on; {@code /} is {@code index.html} */
    Optional<PageFile> file(String path) {
        String name = path.equals("/") ? "index.html" : path.substring(1);
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null || !NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        return Optional.ofNullable(files.computeIfAbsent(name, missing -> read(missing, type)));
    }

    private static PageFile read(String name, String type) {
        String resource = name.equals(OPEN_API) ? name : "page/" + name;
        try (InputStream in = PageFiles.class.getResourceAsStream(resource)) {
            if (in == null) {
                return null;
            }
            byte[] contents = in.readAllBytes();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(contents);
            return new PageFile(type, '"' + HexFormat.of().formatHex(digest, 0, 12) + '"', contents);
        } catch (IOException e) {
            throw new UncheckedIOException("the page's file " + name + " cannot be read", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
