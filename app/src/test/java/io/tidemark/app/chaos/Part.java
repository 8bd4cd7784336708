package io.tidemark.app.chaos;

import java.io.IOException;
import java.time.Duration;

/** One way to look for mistakes. Used by one thread, but for {@link #end}. */
interface Part {
    String name();

    /**
     * Looks, and says in the ledger what it does and finds. What is wrong is a mismatch in there, not an exception.
     *
     * @param time about so long
     */
    void run(Duration time, long seed, Ledger ledger) throws IOException, InterruptedException;

    /** Ends what it has started, at once. May be called by any thread at any time; {@link #run} may fail then. */
    void end();
}
