package io.tidemark.trident;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.oracle.AnswerCheck;
import java.nio.file.Path;
import java.util.List;
import org.apache.storm.Config;
import org.apache.storm.LocalCluster;
import org.apache.storm.LocalDRPC;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole topology on a real broker, Redis and Storm: what it counts is what was sent. */
class TopologyIT {
    @TempDir
    static Path folder;

    private static KafkaBroker broker;
    private static LocalCluster cluster;
    private static LocalDRPC drpc;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(folder.resolve("kafka"));
        cluster = new LocalCluster();
        drpc = new LocalDRPC(cluster.getMetricRegistry());
    }

    @AfterAll
    static void stop() throws Exception {
        drpc.close();
        cluster.close();
        broker.close();
    }

    @Test
    void countsEqualTheRecount() throws Exception {
        try (Rig rig = new Rig(broker, folder, "mixed", 4, 1)) {
            rig.send(20_000, 4);
            Config config = TidemarkTopology.stormConfig(rig.settings());
            config.put(Config.TOPOLOGY_TESTING_ALWAYS_TRY_SERIALIZE, true);
            running(rig, rig.settings(), config, () -> {
                rig.awaitDrained();
                rig.send(5_000, 4);
                rig.awaitDrained();
                rig.assertExact();
                String answer = ask("counts", "bot g3_Anon");
                assertThat(new AnswerCheck(rig.recount())
                                .check("bot g3_Anon", answer)
                                .lines())
                        .isEmpty();
            });
        }
    }

    /** Trident puts a list of tuples around the answer. */
    private static String ask(String function, String arguments) throws Exception {
        return new ObjectMapper()
                .readTree(drpc.execute(function, arguments))
                .get(0)
                .get(0)
                .textValue();
    }

    private interface Body {
        void run() throws Exception;
    }

    /** Runs the topology of a rig's stream while something is done. */
    private static void running(Rig rig, TopologySettings settings, Config config, Body body) throws Exception {
        LocalCluster.LocalTopology topology = cluster.submitTopology(
                rig.config().topic(), config, TidemarkTopology.build(List.of(rig.config()), settings, drpc));
        try {
            body.run();
        } finally {
            topology.close();
        }
    }
}
