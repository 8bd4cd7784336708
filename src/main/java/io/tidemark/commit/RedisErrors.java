package io.tidemark.commit;

import io.tidemark.stream.RefusedException;
import java.util.Arrays;
import java.util.Map;
import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.exceptions.JedisDataException;

/** What errors of Redis and of its client mean: try again, or say what must be mended. */
final class RedisErrors {
    /** Redis's own words for "not now", with what is to be known about them. */
    private static final Map<String, String> NOT_NOW = Map.ofEntries(
            Map.entry("LOADING", "it is loading its data"),
            Map.entry("OOM", "it is out of memory; raise maxmemory, or shorten what is retained"),
            Map.entry("READONLY", "it is a read-only replica"),
            Map.entry("MISCONF", "it cannot write its data to disk; look at its log and disk"),
            Map.entry("BUSY", "it is busy with a script"),
            Map.entry("UNKILLABLE", "it is busy with a script"),
            Map.entry("TRYAGAIN", "keys are being moved to another node"),
            Map.entry("CLUSTERDOWN", "its cluster is down"),
            Map.entry("MASTERDOWN", "it is a replica that has lost its master"),
            Map.entry("NOREPLICAS", "it has fewer replicas than it needs to accept writes"),
            Map.entry("NOSCRIPT", "it forgets scripts as fast as they are loaded"),
            Map.entry("NOAUTH", "it asks for a password; name the file that holds it"),
            Map.entry("WRONGPASS", "it does not accept the password; check the password file and the user"));

    private static final String SEVERAL_SLOTS = "multiple hash slots";

    private final String where;
    private final boolean cluster;

    /** @param cluster whether it was named as a cluster */
    RedisErrors(String where, boolean cluster) {
        this.where = where;
        this.cluster = cluster;
    }

    RuntimeException translate(RuntimeException e) {
        JedisDataException answer = answerIn(e);
        if (answer != null) {
            return ofText(String.valueOf(answer.getMessage()), null, e);
        }
        Throwable root = e;
        String node = "";
        while (beneath(root) != null) {
            if (root instanceof JedisClusterOperationException tried && tried.getNode() != null) {
                node = ", node " + tried.getNode() + ",";
            }
            root = beneath(root);
        }
        if (String.valueOf(root.getMessage()).contains(SEVERAL_SLOTS)) {
            return ofText("CROSSSLOT " + root.getMessage(), null, e);
        }
        return new StoreUnavailableException("Redis at " + where + node + " did not answer: " + root.getMessage(), e);
    }

    /** What a server answered, where that is what went wrong; else null. */
    static JedisDataException answerIn(Throwable wrong) {
        for (Throwable cause = wrong; cause != null; cause = beneath(cause)) {
            if (cause instanceof JedisDataException answer) {
                return answer;
            }
        }
        return null;
    }

    /** Whether it was a master and is none any more. */
    static boolean isDemoted(JedisDataException answer) {
        return String.valueOf(answer.getMessage()).startsWith("READONLY");
    }

    /** Where no node could be asked, the library says only beside it why. */
    private static Throwable beneath(Throwable wrong) {
        return wrong.getCause() != null || !(wrong instanceof JedisClusterOperationException)
                ? wrong.getCause()
                : Arrays.stream(wrong.getSuppressed()).findFirst().orElse(null);
    }

    RuntimeException ofText(String text, String key) {
        return ofText(text, key, null);
    }

    private RuntimeException ofText(String text, String key, RuntimeException cause) {
        String code = text.replaceFirst("(?s)[ :].*", "");
        String at = "Redis at " + where + (key == null ? "" : ", key " + key) + ": ";
        if (NOT_NOW.containsKey(code)) {
            // To a greeting without a password Redis answers with advice for who writes a client.
            String words = text.startsWith("NOAUTH HELLO") ? "NOAUTH Authentication required." : text;
            return new StoreUnavailableException(at + NOT_NOW.get(code) + " (" + words + ")", cause);
        }
        if (text.contains("max number of clients")) {
            return new StoreUnavailableException(
                    at + "it has too many clients; raise maxclients (" + text + ")", cause);
        }
        if (text.startsWith("ERR AUTH") || text.contains("without any password configured")) {
            return new StoreUnavailableException(
                    at + "it has no password, but one was given; leave the password file out (" + text + ")", cause);
        }
        if (text.contains("access a non local key") || cluster && (code.equals("MOVED") || code.equals("ASK"))) {
            return new StoreUnavailableException(at + "keys are being moved to another node (" + text + ")", cause);
        }
        return refused(code, text, at);
    }

    private RefusedException refused(String code, String text, String at) {
        if (text.contains("would overflow")) {
            return new RefusedException(
                    "overflow",
                    at + "the count has reached its largest value (" + text
                            + "). Nothing was changed. Start the stream over with: tidemark reset");
        }
        if (code.equals("WRONGTYPE")
                || text.contains("not an integer")
                || text.contains("not a valid float")
                || text.contains("not a number")) {
            return new RefusedException(
                    "foreign-value",
                    at + "it holds something that is no count (" + text
                            + "). Nothing was changed. Restore the key, or start the stream over with: tidemark reset");
        }
        if (code.equals("NOPERM") || text.contains("The user executing the script can't")) {
            return new RefusedException(
                    "not-permitted",
                    at + "the user may not do this (" + text
                            + "). Nothing was changed. Allow it with ACL SETUSER; docs/redis-layout.md lists the commands");
        }
        if (code.equals("MOVED") || code.equals("ASK") || code.equals("CROSSSLOT")) {
            return new RefusedException(
                    "redis-cluster",
                    at
                            + (cluster
                                    ? "one step was to take keys of several nodes (" + text + "). Nothing was changed."
                                            + " This is a fault of Tidemark: please report it with this text"
                                    : "it is a node of a Redis Cluster, and the key may lie on another (" + text
                                            + "). Nothing was changed. Name the cluster:"
                                            + " redis-cluster://HOST:PORT,HOST:PORT"));
        }
        if (text.contains("cluster support disabled")) {
            return new RefusedException(
                    "redis-cluster",
                    at + "it is no Redis Cluster (" + text + "). Nothing was changed. Name it with redis://HOST:PORT");
        }
        return new RefusedException(
                "redis-error", at + text + ". Nothing was changed. Mend what Redis complains about");
    }
}
