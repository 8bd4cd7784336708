package io.tidemark.commit;

import io.tidemark.stream.RefusedException;
import java.util.Map;
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

    private final String where;

    RedisErrors(String where) {
        this.where = where;
    }

    RuntimeException translate(RuntimeException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof JedisDataException) {
                return ofText(String.valueOf(cause.getMessage()), null, e);
            }
        }
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return new StoreUnavailableException("Redis at " + where + " did not answer: " + root.getMessage(), e);
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
        return refused(code, text, at);
    }

    private static RefusedException refused(String code, String text, String at) {
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
                    at + "the key lives on another node of a Redis Cluster (" + text
                            + "). Nothing was changed. Name the node that has it, or a Redis that is no cluster");
        }
        return new RefusedException(
                "redis-error", at + text + ". Nothing was changed. Mend what Redis complains about");
    }
}
