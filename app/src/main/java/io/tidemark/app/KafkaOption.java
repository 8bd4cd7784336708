package io.tidemark.app;

import io.tidemark.app.service.ServiceInfo;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where to send: a broker that was given, or the one of the data folder's service. */
final class KafkaOption {
    private static final String TOPIC = "WikiPediaLogs";

    @Mixin
    private DataOption data;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "The broker to send to, instead of the service's of the data folder.")
    private String address;

    @Option(
            names = "--topic",
            paramLabel = "NAME",
            description = "The topic to send to (default: the service's first stream's, else " + TOPIC + ").")
    private String topic;

    DataOption data() {
        return data;
    }

    String address() {
        if (address != null) {
            return address;
        }
        return info().map(ServiceInfo::kafka)
                .orElseThrow(() -> new CommandFailedException(
                        ExitCodes.UNREACHABLE,
                        "no service runs on the data folder " + data.folder().path()
                                + ". Start one in another terminal: ./tidemark run" + data.asTyped()
                                + "   Or say where a broker is: --kafka HOST:PORT"));
    }

    String topic() {
        if (topic != null) {
            return topic;
        }
        return info().map(ServiceInfo::streams)
                .filter(streams -> address == null && !streams.isEmpty())
                .map(streams -> streams.get(0).topic())
                .orElse(TOPIC);
    }

    private Optional<ServiceInfo> info() {
        return ServiceInfo.read(data.folder());
    }
}
