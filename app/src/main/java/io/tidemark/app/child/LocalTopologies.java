package io.tidemark.app.child;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.storm.LocalCluster;
import org.apache.storm.daemon.nimbus.Nimbus;
import org.apache.storm.generated.StormTopology;
import org.apache.storm.thrift.TException;
import org.apache.storm.utils.Utils;

/**
 * Submits topologies to a local cluster, each with a jar, which holds nothing: classes are there already. But a Nimbus
 * that stood still for longer than its ZooKeeper session, as on a computer that was asleep, leads again only if it has
 * the jar of every topology, and a local cluster keeps none by itself (read in LeaderListenerCallback of Storm 2.8.3):
 * then nobody leads for good.
 */
final class LocalTopologies {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LocalCluster cluster;

    LocalTopologies(LocalCluster cluster) {
        this.cluster = cluster;
    }

    /** @throws TException when Nimbus refuses it */
    void submit(String name, Map<String, Object> config, StormTopology topology) throws TException {
        Nimbus nimbus = cluster.getNimbus();
        String jar = nimbus.beginFileUpload();
        nimbus.uploadChunk(jar, ByteBuffer.wrap(emptyJar()));
        nimbus.finishFileUpload(jar);
        nimbus.submitTopology(name, jar, json(config), Utils.addVersions(topology));
    }

    private static String json(Map<String, Object> config) {
        try {
            return JSON.writeValueAsString(config);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no topology configuration: " + e.getMessage(), e);
        }
    }

    private static byte[] emptyJar() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        try {
            new JarOutputStream(bytes, manifest).close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
