package io.tidemark.trident;

import org.apache.storm.generated.DRPCRequest;
import org.apache.storm.generated.DistributedRPCInvocations;
import org.apache.storm.thrift.TException;
import org.apache.storm.utils.ServiceRegistry;

/** Questions to a DRPC server in the same JVM, by the id that it is registered with. */
record LocalQuestions(DistributedRPCInvocations.Iface server) implements Questions {
    /** A server by its id. */
    record Server(String service) implements Questions.Server {
        @Override
        public Questions connect() throws TException {
            if (ServiceRegistry.getService(service) instanceof DistributedRPCInvocations.Iface server) {
                return new LocalQuestions(server);
            }
            throw new TException("there is no service " + service + " in this JVM");
        }

        @Override
        public String name() {
            return "in this JVM";
        }
    }

    @Override
    public DRPCRequest next(String function) throws TException {
        return server.fetchRequest(function);
    }

    @Override
    public void answer(String id, String answer) throws TException {
        server.result(id, answer);
    }

    @Override
    public void fail(String id, String why) throws TException {
        server.failRequestV2(id, RemoteQuestions.failure(why));
    }

    @Override
    public void close() {
        // Nothing was opened.
    }
}
