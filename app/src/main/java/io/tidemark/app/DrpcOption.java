package io.tidemark.app;

import io.tidemark.app.service.ServiceInfo;
import io.tidemark.client.ServiceUnreachableException;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkClientException;
import java.time.Duration;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where to ask: an address that was given, or the service of the data folder. */
final class DrpcOption {
    @Mixin
    private DataOption data;

    @Option(
            names = "--drpc",
            paramLabel = "HOST:PORT",
            description = "Storm's DRPC server to ask, instead of the service of the data folder.")
    private String address;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "3",
            description = "How long to wait for an answer (default: ${DEFAULT-VALUE}).")
    private double timeoutSeconds;

    DataOption data() {
        return data;
    }

    boolean isLocal() {
        return address == null;
    }

    /** A client of the service; connects when it is asked something. */
    TidemarkClient client() {
        Duration timeout = Duration.ofMillis(Math.round(timeoutSeconds * 1000));
        try {
            return TidemarkClient.of(address(), timeout);
        } catch (IllegalArgumentException e) {
            throw new CommandFailedException(ExitCodes.USAGE, "--drpc or --timeout: " + e.getMessage(), e);
        }
    }

    private String address() {
        if (address != null) {
            return address;
        }
        return ServiceInfo.read(data.folder())
                .map(ServiceInfo::drpc)
                .orElseThrow(() -> new CommandFailedException(
                        ExitCodes.UNREACHABLE,
                        "no service runs on the data folder " + data.folder().path()
                                + ". Start one in another terminal: ./tidemark run" + data.asTyped()
                                + "   Or say where one is: --drpc HOST:PORT"));
    }

    /** Asks, and turns what went wrong into a message that says what to do. */
    String ask(TidemarkClient client, Function<TidemarkClient, String> question) {
        try {
            return question.apply(client);
        } catch (ServiceUnreachableException e) {
            String what = isLocal()
                    ? "Is the service running? Start it in another terminal: ./tidemark run" + data.asTyped()
                    : "Is that the DRPC port of a running service?";
            throw new CommandFailedException(ExitCodes.UNREACHABLE, e.getMessage() + ". " + what, e);
        } catch (TidemarkClientException e) {
            throw new CommandFailedException(ExitCodes.UNREACHABLE, e.getMessage(), e);
        }
    }
}
