package io.tidemark.trident;

import org.apache.storm.generated.DRPCRequest;
import org.apache.storm.thrift.TException;

/** A connection to one DRPC server, from the side of those who answer. For one thread. */
interface Questions extends AutoCloseable {
    /** Opens connections to one server. */
    interface Server {
        /**
         * @throws TException when it is not there
         * @throws RuntimeException as well: Storm wraps what its connecting threw
         */
        Questions connect() throws TException;

        /** For logs: {@code host:port}. */
        String name();
    }

    /** The next question to a function; one without an id when there is none. Returns at once. */
    DRPCRequest next(String function) throws TException;

    void answer(String id, String answer) throws TException;

    /** Tells the caller that there is no answer. */
    void fail(String id, String why) throws TException;

    @Override
    void close();
}
