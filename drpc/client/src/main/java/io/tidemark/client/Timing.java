package io.tidemark.client;

import java.util.function.Supplier;

/** Notes how long questions take and how they end. Thread-safe. */
interface Timing {
    /** Notes nothing. */
    Timing NONE = (function, question) -> question.get();

    /** Asks, and notes it. */
    String time(String function, Supplier<String> question);
}
