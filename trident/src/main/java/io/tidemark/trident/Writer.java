package io.tidemark.trident;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;

/** Who writes to the store: host, process and a random part, so that two at once can be told apart. */
final class Writer {
    private static final String RANDOM = "%08x".formatted(new SecureRandom().nextInt());

    private Writer() {}

    /** The same for all tasks of a worker process. */
    static String name() {
        return host() + "/" + ProcessHandle.current().pid() + "/" + RANDOM;
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown-host";
        }
    }
}
