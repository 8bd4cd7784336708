package io.tidemark.app.chaos;

import io.tidemark.app.service.ServiceInfo;
import java.nio.file.Path;
import java.util.List;

/** Something real that counts events and can be broken. Used by one thread, but for {@link #close}. */
interface Target extends AutoCloseable {
    /** Starts it and waits until it answers. */
    void start() throws InterruptedException, java.io.IOException;

    /** Where it runs now: other after some faults. */
    ServiceInfo info();

    /** Load that it should bear on a machine that has much else to do. */
    int eventsPerSecond();

    /** Each kind of damage that it knows, in an order that never changes. */
    List<Fault> faults();

    /** Why it may not go on, for a person: the ends of its logs, or where they lie. */
    String diagnosis();

    /** Its data. */
    Path folder();

    /** Ends it and every process that it has started, whatever state they are in. May be called by any thread, twice. */
    @Override
    void close();
}
