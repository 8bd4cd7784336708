package io.tidemark.app.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The configuration of the embedded broker, which is its own controller: one node, on disk, loopback only. */
public final class KafkaFiles {
    private final DataFolder folder;

    public KafkaFiles(DataFolder folder) {
        this.folder = folder;
    }

    public Path configuration() {
        return folder.kafka().resolve("server.properties");
    }

    /** Writes the configuration for this start. */
    public void prepare(int port, int controllerPort, RetentionBudget budget) {
        try {
            Files.createDirectories(folder.kafka());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare Kafka in " + folder.kafka(), e);
        }
        // Paths are relative to the data folder, where the process runs: Kafka splits them at commas.
        DataFolder.writeAtomically(configuration(), """
                node.id=1
                process.roles=broker,controller
                controller.quorum.voters=1@127.0.0.1:%2$d
                listeners=BROKER://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=BROKER://127.0.0.1:%1$d
                inter.broker.listener.name=BROKER
                controller.listener.names=CONTROLLER
                listener.security.protocol.map=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
                log.dirs=kafka/log
                auto.create.topics.enable=false
                num.partitions=4
                default.replication.factor=1
                offsets.topic.num.partitions=1
                offsets.topic.replication.factor=1
                transaction.state.log.num.partitions=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                share.coordinator.state.topic.num.partitions=1
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                # A broker that starts again forgets producers by the times of their records, and would take what they
                # send again twice: events of a file may be old. (The largest value there is: 24 days.)
                producer.id.expiration.ms=2147483647
                # Old events keep their own times: only size ends them.
                log.retention.ms=-1
                log.retention.bytes=%3$d
                log.segment.bytes=%4$d
                log.retention.check.interval.ms=1000
                log.initial.task.delay.ms=1000
                log.segment.delete.delay.ms=1000
                log.cleaner.dedupe.buffer.size=4194304
                log.cleaner.threads=1
                num.network.threads=2
                num.io.threads=4
                background.threads=2
                num.recovery.threads.per.data.dir=2
                # After a kill the controller lets the same broker in again only when its session has ended.
                broker.session.timeout.ms=6000
                broker.heartbeat.interval.ms=500
                group.initial.rebalance.delay.ms=0
                """.formatted(
                        port, controllerPort, budget.bytesPerPartition(), budget.segmentBytes()));
    }
}
