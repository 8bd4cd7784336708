package io.tidemark.trident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidemark.commit.RedisAddress;
import io.tidemark.stream.BundledStreams;
import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import java.util.List;
import java.util.Map;
import org.apache.storm.Config;
import org.apache.storm.generated.StormTopology;
import org.apache.storm.policy.IWaitStrategy;
import org.junit.jupiter.api.Test;

class TidemarkTopologyTest {
    private static final TopologySettings SETTINGS =
            TopologySettings.of("127.0.0.1:1", new RedisAddress("redis://127.0.0.1:1", null));
    private static final StreamConfig WIKI = BundledStreams.wikipedia();

    @Test
    void itIsBuiltForAClusterToo() {
        StormTopology topology = TidemarkTopology.build(List.of(WIKI), SETTINGS, null);
        assertThat(topology.get_bolts()).containsKey("spout-tidemark-wiki");
        assertThat(topology.get_spouts().keySet()).anyMatch(id -> id.startsWith("$mastercoord"));
    }

    @Test
    void streamsOfOneNameAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TidemarkTopology.build(List.of(WIKI, WIKI), SETTINGS, null))
                .withMessage("two streams have the name wiki");
        assertThatIllegalArgumentException().isThrownBy(() -> TidemarkTopology.build(List.of(), SETTINGS, null));
    }

    @Test
    void shardsAreCommittedByTasksOfTheirOwnUpToEight() {
        for (Map.Entry<Integer, Integer> each : Map.of(3, 3, 20, 8).entrySet()) {
            StreamConfig config = StreamConfigReader.stored(WIKI.text() + "\nshards: " + each.getKey() + "\n");
            assertThat(TidemarkTopology.build(List.of(config), SETTINGS, null)
                            .get_bolts()
                            .values())
                    .filteredOn(bolt -> bolt.get_common().get_parallelism_hint() == each.getValue())
                    .as("%d shards", each.getKey())
                    .hasSize(1);
        }
    }

    @Test
    void threadsWaitInTheWayThatStormFindsByItsName() throws ReflectiveOperationException {
        Config config = TidemarkTopology.stormConfig(SETTINGS);
        for (String strategy : List.of(Config.TOPOLOGY_BOLT_WAIT_STRATEGY, Config.TOPOLOGY_SPOUT_WAIT_STRATEGY)) {
            assertThat(Class.forName((String) config.get(strategy))
                            .getConstructor()
                            .newInstance())
                    .isInstanceOf(IWaitStrategy.class);
        }
    }

    @Test
    void settingsThatBreakThePromiseAreRefused() {
        Config config = TidemarkTopology.stormConfig(SETTINGS);
        TidemarkTopology.checkConfig(config);
        config.put(Config.TOPOLOGY_ENABLE_MESSAGE_TIMEOUTS, false);
        assertThatExceptionOfType(UnsafeSettingsException.class)
                .isThrownBy(() -> TidemarkTopology.checkConfig(config))
                .withMessageContaining("topology.enable.message.timeouts is false");
        Config withoutAckers = TidemarkTopology.stormConfig(SETTINGS);
        withoutAckers.setNumAckers(0);
        assertThatExceptionOfType(UnsafeSettingsException.class)
                .isThrownBy(() -> TidemarkTopology.checkConfig(withoutAckers))
                .withMessageContaining("topology.acker.executors is 0");
    }

    @Test
    void settingsOutOfRangeNameThemselves() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SETTINGS.withBatches(0, 1, 1))
                .withMessage("pending is 0, must be from 1 to 16");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TopologySettings(
                        Map.of(),
                        SETTINGS.redis(),
                        1,
                        SETTINGS.emitInterval(),
                        SETTINGS.messageTimeout(),
                        1,
                        1,
                        1,
                        1,
                        "none"))
                .withMessageContaining("bootstrap.servers");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SETTINGS.withConsumerGroup(" "))
                .withMessage("consumerGroup is empty: expected a name, or none");
    }

    @Test
    void eachStreamHasAConsumerGroupOfItsOwnUnlessItIsSwitchedOff() {
        assertThat(SETTINGS.groupOf("wiki")).contains("tidemark-wiki");
        assertThat(SETTINGS.withConsumerGroup("shown-{stream}-1").groupOf("wiki"))
                .contains("shown-wiki-1");
        assertThat(SETTINGS.withConsumerGroup("none").groupOf("wiki")).isEmpty();
    }
}
