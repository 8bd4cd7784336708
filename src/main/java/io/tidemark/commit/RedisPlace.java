package io.tidemark.commit;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.HostAndPort;

/**
 * What a Redis URI without a password says: {@code redis://[user@]host[:port][/database]} is one server, {@code
 * redis-sentinel://[user@]host[:port],host[:port]...[/database]#master} the one that these sentinels say is the master;
 * {@code rediss} and {@code rediss-sentinel} are the same with TLS.
 *
 * @param user decoded; null where it is Redis's default user
 * @param hosts at least one; more than one only of sentinels
 * @param master the name by which sentinels know it; null for one server
 */
record RedisPlace(boolean tls, String user, List<HostAndPort> hosts, int database, String master) {
    static final String FORMS = "redis://[user@]host:port/db, or"
            + " redis-sentinel://[user@]host:port,host:port/db#master; with rediss for TLS";

    private static final int SERVER_PORT = 6379;
    private static final int SENTINEL_PORT = 26_379;
    private static final int MOST_PORT = 65_535;
    private static final String HOST = "(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::[0-9]{1,5})?";
    private static final Pattern URI = Pattern.compile("redis(?<tls>s?)(?<sentinel>-sentinel)?://(?:(?<user>[^@:]*)@)?"
            + "(?<hosts>" + HOST + "(?:," + HOST + ")*)(?:/(?<database>[0-9]{0,4}))?(?:#(?<master>[A-Za-z0-9._-]+))?");

    /** @throws IllegalArgumentException when it is none; the message may be shown */
    static RedisPlace of(String uri) {
        Matcher matcher = URI.matcher(uri);
        if (!matcher.matches()) {
            if (uri.substring(uri.indexOf("://") + 1).matches(".*:.*@.*")) {
                throw new IllegalArgumentException("the Redis URI holds a password, which would be seen in logs and"
                        + " topologies: put it into a file that only its owner can read, and name that file");
            }
            throw new IllegalArgumentException("not a Redis URI: expected " + FORMS);
        }
        boolean sentinel = matcher.group("sentinel") != null;
        if (sentinel != (matcher.group("master") != null)) {
            throw new IllegalArgumentException(
                    sentinel
                            ? "redis-sentinel:// without #master, the name by which the sentinels know it"
                            : "#master belongs to redis-sentinel://");
        }
        List<HostAndPort> hosts = new ArrayList<>();
        for (String host : matcher.group("hosts").split(",")) {
            hosts.add(hostOf(host, sentinel ? SENTINEL_PORT : SERVER_PORT));
        }
        if (!sentinel && hosts.size() > 1) {
            throw new IllegalArgumentException("redis:// names one server; several are redis-sentinel://...#master");
        }
        String user = matcher.group("user");
        String database = matcher.group("database");
        return new RedisPlace(
                !matcher.group("tls").isEmpty(),
                user == null || user.isEmpty()
                        ? null
                        : URLDecoder.decode(user.replace("+", "%2B"), StandardCharsets.UTF_8),
                List.copyOf(hosts),
                database == null || database.isEmpty() ? 0 : Integer.parseInt(database),
                matcher.group("master"));
    }

    private static HostAndPort hostOf(String text, int otherwise) {
        int colon = text.endsWith("]") ? -1 : text.lastIndexOf(':');
        int port = colon < 0 ? otherwise : Integer.parseInt(text.substring(colon + 1));
        if (port < 1 || port > MOST_PORT) {
            throw new IllegalArgumentException("no port: " + port);
        }
        String host = colon < 0 ? text : text.substring(0, colon);
        return new HostAndPort(host.replaceAll("[\\[\\]]", ""), port);
    }

    /** In words, for messages. */
    String shown() {
        return master == null ? hosts.get(0).toString() : master + ", known to sentinels " + hosts;
    }
}
