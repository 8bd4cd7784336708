package io.tidemark.commit;

import java.util.SortedMap;
import redis.clients.jedis.UnifiedJedis;

/** What a connection leads to: one server, or all nodes of a cluster. Thread-safe; throws as the client library does. */
interface Servers extends AutoCloseable {
    /** Who sends commands to where their keys lie. Finds the servers if need be. */
    UnifiedJedis client();

    /**
     * What {@code INFO} says of one section, by the address of the server: of each that keeps keys and answers.
     *
     * @throws redis.clients.jedis.exceptions.JedisException when none does, or the user may not ask
     */
    SortedMap<String, String> info(String section);

    /** The same of the one server that has a key, as far as is known. */
    SortedMap<String, String> info(String section, String key);

    /** Where a key lies, as far as is known. */
    String serverOf(String key);

    /** Whether keys may lie on different servers, so that no step can take both. */
    boolean isCluster();

    /** Something went wrong: open connections, and what is known of where to connect to, may be out of date. */
    void doubt(RuntimeException why);

    @Override
    void close();
}
