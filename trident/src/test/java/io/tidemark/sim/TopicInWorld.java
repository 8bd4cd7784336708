package io.tidemark.sim;

import io.tidemark.plan.LogUnavailableException;
import io.tidemark.trident.Parts;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/** What the model's brokers say of the topic, when they are there. */
final class TopicInWorld implements Parts.TopicView {
    private final World world;

    TopicInWorld(World world) {
        this.world = world;
    }

    private void reach() {
        world.between();
        if (world.kafkaIsAway()) {
            world.pass(1_000);
            throw new LogUnavailableException("the model's brokers are away", null);
        }
    }

    @Override
    public String id() {
        reach();
        return world.topic().id();
    }

    @Override
    public List<TopicPartition> partitions() {
        reach();
        List<TopicPartition> partitions = new ArrayList<>();
        for (int p = 0; p < world.topic().partitions().size(); p++) {
            partitions.add(new TopicPartition("tides", p));
        }
        return partitions;
    }

    @Override
    public boolean compacted() {
        reach();
        return false;
    }
}
