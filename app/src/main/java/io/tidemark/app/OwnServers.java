package io.tidemark.app;

import io.tidemark.app.service.ServiceOptions;
import picocli.CommandLine.Option;

/** Ports and size of the servers that a command starts itself. */
final class OwnServers {
    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            description = "Port of the broker (default: 9092, or the next free one; 0: any free one).")
    private Integer kafkaPort;

    @Option(
            names = "--redis-port",
            paramLabel = "PORT",
            description = "Port of Redis (default: 6379, or the next free one; 0: any free one).")
    private Integer redisPort;

    @Option(
            names = "--drpc-port",
            paramLabel = "PORT",
            description = "Port of the DRPC server (default: 3772, or the next free one; 0: any free one).")
    private Integer drpcPort;

    @Option(
            names = "--retention-bytes",
            paramLabel = "BYTES",
            converter = ByteSize.class,
            description = "Most that the broker keeps, for example 500MiB or 10GiB (default: 2GiB).")
    private Long retentionBytes;

    /** Null for the default, like the other ports. */
    Integer kafkaPort() {
        return kafkaPort;
    }

    Integer redisPort() {
        return redisPort;
    }

    Integer drpcPort() {
        return drpcPort;
    }

    long retentionBytes() {
        return retentionBytes == null ? ServiceOptions.RETENTION_BYTES : retentionBytes;
    }

    /** Servers that are there already have ports and a retention of their own. */
    void refuseWith(OtherServers others) {
        others.refuseWith("--kafka", "--kafka-port", kafkaPort);
        others.refuseWith("--kafka", "--retention-bytes", retentionBytes);
        others.refuseWith("--redis", "--redis-port", redisPort);
    }
}
