package io.tidemark.sim;

import java.util.ArrayList;
import java.util.List;

/** A topic of the model: its id and its partitions. */
final class ModelTopic {
    private final String id;
    private final List<ModelPartition> partitions = new ArrayList<>();

    ModelTopic(String id, int partitions) {
        this.id = id;
        for (int p = 0; p < partitions; p++) {
            add();
        }
    }

    String id() {
        return id;
    }

    List<ModelPartition> partitions() {
        return partitions;
    }

    ModelPartition partition(int p) {
        return partitions.get(p);
    }

    void add() {
        partitions.add(new ModelPartition(0));
    }
}
