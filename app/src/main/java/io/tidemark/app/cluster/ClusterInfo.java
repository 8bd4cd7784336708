package io.tidemark.app.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.app.service.DataFolder;
import io.tidemark.app.service.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Ports of a cluster, kept in its folder so that other commands find it. All on the loopback address, but for the
 * workers' own, which Storm binds to all interfaces.
 *
 * @param drpc for callers
 * @param drpcInvocations for workers
 */
public record ClusterInfo(int zookeeper, int nimbus, int drpc, int drpcInvocations, List<SupervisorPorts> supervisors) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Ports of one supervisor.
     *
     * @param thrift its own
     * @param slots one for each worker that it may start
     */
    public record SupervisorPorts(String name, int thrift, List<Integer> slots) {
        public SupervisorPorts {
            slots = List.copyOf(slots);
        }
    }

    public ClusterInfo {
        supervisors = List.copyOf(supervisors);
    }

    /** Any free ports, but for the DRPC server's. */
    static ClusterInfo choose(Ports ports, int drpc, int supervisors, int slots) {
        int zookeeper = ports.choose("zookeeper", 0, 0);
        int nimbus = ports.choose("nimbus", 0, 0);
        int invocations = ports.choose("drpc", 0, 0);
        List<SupervisorPorts> all = Stream.iterate(1, i -> i + 1)
                .limit(supervisors)
                .map(i -> new SupervisorPorts(
                        "supervisor-" + i,
                        ports.choose("supervisor", 0, 0),
                        Stream.generate(() -> ports.choose("worker", 0, 0))
                                .limit(slots)
                                .toList()))
                .toList();
        return new ClusterInfo(zookeeper, nimbus, drpc, invocations, all);
    }

    static Path folder(DataFolder data) {
        return data.path().resolve("cluster");
    }

    private static Path file(DataFolder data) {
        return folder(data).resolve("cluster.json");
    }

    void write(DataFolder data) {
        try {
            DataFolder.writeAtomically(
                    file(data), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the folder says, also of a cluster that was killed; empty when it says nothing. */
    public static Optional<ClusterInfo> read(DataFolder data) {
        try {
            return Optional.of(JSON.readValue(Files.readString(file(data)), ClusterInfo.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file(data), e);
        }
    }
}
