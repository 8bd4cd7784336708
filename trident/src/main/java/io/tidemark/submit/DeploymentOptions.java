package io.tidemark.submit;

import io.tidemark.stream.Deployment;
import io.tidemark.stream.Deployment.Setting;
import io.tidemark.stream.StreamConfig;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** How many tasks, how much at once, how patiently: options that go before what the configurations say. */
final class DeploymentOptions {
    private final Map<Setting, Integer> given = new EnumMap<>(Setting.class);

    @Option(names = "--workers", paramLabel = "N", description = "Worker processes (default: 1).")
    private void setWorkers(int value) {
        set(Setting.WORKERS, value);
    }

    @Option(
            names = "--emitters",
            paramLabel = "N",
            description = "Tasks that read Kafka, of each stream; more than partitions are of no use (default: 1).")
    private void setEmitters(int value) {
        set(Setting.EMITTERS, value);
    }

    @Option(
            names = "--parsers",
            paramLabel = "N",
            description = "Tasks that parse and count, of each stream (default: 2).")
    private void setParsers(int value) {
        set(Setting.PARSERS, value);
    }

    @Option(
            names = "--pending",
            paramLabel = "N",
            description = "Batches in flight of each stream, 1 to 16 (default: 2).")
    private void setPending(int value) {
        set(Setting.PENDING, value);
    }

    @Option(
            names = "--batch-records",
            paramLabel = "N",
            description = "Most offsets of one batch when catching up (default: 300000).")
    private void setBatchRecords(int value) {
        set(Setting.BATCH_RECORDS, value);
    }

    @Option(
            names = "--emit-interval",
            paramLabel = "MS",
            description = "Least time between two batches, in ms (default: 5).")
    private void setEmitInterval(int value) {
        set(Setting.EMIT_INTERVAL, value);
    }

    @Option(
            names = "--message-timeout",
            paramLabel = "S",
            description = "After so many seconds a batch that got stuck is tried again, at least 5 (default: 30).")
    private void setMessageTimeout(int value) {
        set(Setting.MESSAGE_TIMEOUT, value);
    }

    /**
     * What is asked for in all.
     *
     * @throws IllegalArgumentException when an option is out of its range, or two streams ask for different things and no
     *     option decides
     */
    Deployment over(List<StreamConfig> streams) {
        given.forEach((setting, value) -> {
            if (value < setting.least() || value > setting.most()) {
                throw new IllegalArgumentException("--" + setting.key() + " is " + value + ", must be from "
                        + setting.least() + " to " + setting.most());
            }
        });
        return Deployment.together(streams, given);
    }

    private void set(Setting setting, int value) {
        given.put(setting, value);
    }
}
