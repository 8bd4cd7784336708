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
 * redis-sentinel://[user@]host[:port],host[:port]...[/database]#master} the one that these sentinels say is the master,
 * {@code redis-cluster://[user@]host[:port],host[:port]...} the Redis Cluster that these nodes belong to; {@code rediss},
 * {@code rediss-sentinel} and {@code rediss-cluster} are the same with TLS.
 *
 * @param user decoded; null where it is Redis's default user
 * @param hosts at least one; more than one only of sentinels and of a cluster
 * @param master the name by which sentinels know it; null without sentinels
 * @param cluster whether the hosts are nodes of a Redis Cluster
 */
record RedisPlace(boolean tls, String user, List<HostAndPort> hosts, int database, String master, boolean cluster) {
    static final String FORMS = "redis://[user@]host:port/db,"
            + " redis-sentinel://[user@]host:port,host:port/db#master, or"
            + " redis-cluster://[user@]host:port,host:port; with rediss for TLS";

    private static final int SERVER_PORT = 6379;
    private static final int SENTINEL_PORT = 26_379;
    private static final int MOST_PORT = 65_535;
    private static final String HOST = "(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::[0-9]{1,5})?";
    private static final Pattern URI =
            Pattern.compile("redis(?<tls>s?)(?<kind>-sentinel|-cluster)?://(?:(?<user>[^@:]*)@)?" + "(?<hosts>" + HOST
                    + "(?:," + HOST + ")*)(?:/(?<database>[0-9]{0,4}))?(?:#(?<master>[A-Za-z0-9._-]+))?");

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
        boolean sentinel = "-sentinel".equals(matcher.group("kind"));
        boolean cluster = "-cluster".equals(matcher.group("kind"));
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
        if (!sentinel && !cluster && hosts.size() > 1) {
            throw new IllegalArgumentException(
                    "redis:// names one server; several are redis-cluster://, or" + " redis-sentinel://...#master");
        }
        String text = matcher.group("database");
        int database = text == null || text.isEmpty() ? 0 : Integer.parseInt(text);
        if (cluster && database != 0) {
            throw new IllegalArgumentException("a Redis Cluster has one database, 0: leave /" + database + " out");
        }
        String user = matcher.group("user");
        return new RedisPlace(
                !matcher.group("tls").isEmpty(),
                user == null || user.isEmpty()
                        ? null
                        : URLDecoder.decode(user.replace("+", "%2B"), StandardCharsets.UTF_8),
                List.copyOf(hosts),
                database,
                matcher.group("master"),
                cluster);
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
        if (cluster) {
            return "the cluster of " + hosts;
        }
        return master == null ? hosts.get(0).toString() : master + ", known to sentinels " + hosts;
    }
}
