package io.tidemark.app;

import io.tidemark.app.feed.DemoFeed;
import io.tidemark.app.service.DataFolder;
import io.tidemark.app.service.Service;
import io.tidemark.app.service.ServiceInfo;
import io.tidemark.app.service.ServiceInfo.StreamInfo;
import io.tidemark.app.service.ServiceOptions;
import io.tidemark.gateway.Gateway;
import io.tidemark.gateway.GatewayOptions;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A service that ends in order when this process is told to end, by Ctrl-C, SIGTERM, or because its start failed. Ends
 * the process with exit code 0 then, unless the command has found another.
 */
final class RunningService {
    private final PrintStream out;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Service service;
    private final Gateway gateway;
    private DemoFeed feed;

    private RunningService(Service service, Gateway gateway, PrintStream out) {
        this.service = service;
        this.gateway = gateway;
        this.out = out;
    }

    static RunningService begin(DataFolder folder, ServiceOptions options, List<StreamInfo> streams, PrintStream out) {
        Service service = Service.start(folder, options, streams, out::println);
        RunningService running = new RunningService(service, gateway(service), out);
        Runtime.getRuntime().addShutdownHook(new Thread(running::stopForGood, "stop"));
        return running;
    }

    /** On the service's own Redis, from the first moment on: a page that is open already sees it come. */
    private static Gateway gateway(Service service) {
        ServiceInfo info = service.info();
        if (info.http() == null) {
            return null;
        }
        String[] address = info.http().split(":");
        try {
            return Gateway.start(
                    GatewayOptions.of(info.redisAddress()).withBind(address[0], Integer.parseInt(address[1])));
        } catch (UncheckedIOException e) {
            service.close();
            throw new CommandFailedException(
                    ExitCodes.REFUSED,
                    "the gateway cannot listen on " + info.http() + ": "
                            + e.getCause().getMessage() + ". Give another port with --http-port, or none.",
                    e);
        }
    }

    Service service() {
        return service;
    }

    boolean isStopping() {
        return stopping.get();
    }

    /** Starts a feed, which ends before the service does. */
    synchronized void feed(DemoFeed started) {
        if (!stopping.get()) {
            feed = started;
            started.start();
        }
    }

    private void close() {
        synchronized (this) {
            if (feed != null) {
                feed.close();
            }
        }
        if (gateway != null) {
            gateway.close();
        }
        service.close();
        stopped.countDown();
    }

    /** Stops everything that still runs; for a command that goes on to an exit code of its own. */
    void stop() {
        if (stopping.compareAndSet(false, true)) {
            close();
        }
    }

    /** Returns never while the service runs. @return the exit code */
    int awaitStopped() throws InterruptedException {
        stopped.await();
        return ExitCodes.OK;
    }

    private void stopForGood() {
        if (!stopping.compareAndSet(false, true)) {
            return;
        }
        out.println("\nStopping ...");
        out.flush();
        close();
        out.println("Stopped. Nothing is lost: the next start goes on from here.");
        out.flush();
        Runtime.getRuntime().halt(ExitCodes.OK);
    }
}
