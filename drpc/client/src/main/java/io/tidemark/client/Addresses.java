package io.tidemark.client;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads addresses: {@code drpc://host:3772,host2:3772}, {@code http://host:2546,http://host2:2546}, {@code host:3772}. */
final class Addresses {
    private static final String DRPC = "drpc://";

    private Addresses() {}

    /**
     * Makes the servers of an address; connects nowhere.
     *
     * @throws IllegalArgumentException when it is none, or names {@code drpc://} while Storm is not on the class path
     */
    static List<Server> servers(String address, Duration connect) {
        String text = address.strip();
        List<Server> servers = new ArrayList<>();
        boolean isHttp = text.startsWith("http://") || text.startsWith("https://");
        String scheme = text.startsWith("https://") ? "https://" : "http://";
        for (String part : (text.startsWith(DRPC) ? text.substring(DRPC.length()) : text).split(",", -1)) {
            String one = part.strip();
            servers.add(isHttp ? http(one, scheme, connect) : drpc(one, address));
        }
        return List.copyOf(servers);
    }

    private static Server http(String part, String scheme, Duration connect) {
        String text = part.contains("://") ? part : scheme + part;
        URI uri = URI.create(text.endsWith("/") ? text : text + "/");
        if (uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawQuery() != null) {
            throw new IllegalArgumentException("\"" + part + "\" is not an address like http://HOST:PORT");
        }
        return new HttpServer(uri, connect);
    }

    private static Server drpc(String part, String whole) {
        String text = part.startsWith(DRPC) ? part.substring(DRPC.length()) : part;
        text = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon >= 0 && colon > text.lastIndexOf(']') && text.indexOf(':') == colon
                || text.startsWith("[") && colon > text.lastIndexOf(']');
        String host = hasPort ? text.substring(0, colon) : text;
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isBlank() || host.contains("/")) {
            throw new IllegalArgumentException(
                    "\"" + whole + "\" is not HOST:PORT, drpc://HOST:PORT or http://HOST:PORT");
        }
        try {
            return drpc(host, hasPort ? Integer.parseInt(text.substring(colon + 1)) : TidemarkClient.DEFAULT_PORT);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + whole + "\" is not HOST:PORT", e);
        }
    }

    private static Server drpc(String host, int port) {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not from 1 to 65535");
        }
        try {
            Class.forName("org.apache.storm.generated.DistributedRPC", false, Addresses.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(
                    "drpc://" + host + ":" + port + " is asked with Storm, which is not on the class path: add"
                            + " org.apache.storm:storm-client, or ask the gateway at http://HOST:2546",
                    e);
        }
        return new DrpcServer(host, port);
    }
}
