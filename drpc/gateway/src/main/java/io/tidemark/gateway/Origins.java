package io.tidemark.gateway;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Whose pages may read. A page of another site that a user has open could else read what only this machine should see,
 * over WebSocket, which asks nobody, or by giving its own name this machine's address (DNS rebinding). Immutable.
 */
final class Origins {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Set<String> allowed;
    private final Set<String> hosts;
    private final boolean anyHost;

    /**
     * @param bind address that is listened on: where it is the loopback address, only its names may stand in front
     * @throws IllegalArgumentException when an origin is none
     */
    Origins(String bind, List<String> origins) {
        Set<String> names = new HashSet<>(LOOPBACK);
        Set<String> lower = new HashSet<>();
        for (String origin : origins) {
            String text = origin.toLowerCase(Locale.ROOT).replaceFirst("/$", "");
            if (!text.matches("https?://[^/?#@]+")) {
                throw new IllegalArgumentException(
                        "\"" + origin + "\" is no origin: expected one like https://counts.example.org");
            }
            lower.add(text);
            names.add(hostOf(URI.create(text).getRawAuthority()));
        }
        names.add(bind.toLowerCase(Locale.ROOT));
        this.allowed = Set.copyOf(lower);
        this.hosts = Set.copyOf(names);
        this.anyHost = !isLoopback(bind);
    }

    private static boolean isLoopback(String bind) {
        try {
            return InetAddress.getByName(bind).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Whether a request may name this host. @param authority the Host header; null when there was none */
    boolean mayBeAsked(String authority) {
        return anyHost || authority == null || hosts.contains(hostOf(authority.toLowerCase(Locale.ROOT)));
    }

    /** Whether a page of this origin may read. @param origin null when no browser asks */
    boolean mayRead(String origin, String authority) {
        if (origin == null) {
            return true;
        }
        String lower = origin.toLowerCase(Locale.ROOT);
        int scheme = lower.indexOf("://");
        boolean isSame = scheme > 0
                && authority != null
                && lower.substring(scheme + 3).equals(authority.toLowerCase(Locale.ROOT));
        return isSame || allowed.contains(lower);
    }

    /** Whether it is one that was allowed by name. */
    boolean isAllowed(String origin) {
        return origin != null && allowed.contains(origin.toLowerCase(Locale.ROOT));
    }

    private static String hostOf(String authority) {
        return authority.replaceFirst(":[0-9]*$", "");
    }
}
