package io.tidemark.trident;

import static io.tidemark.trident.KafkaBroker.answer;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;

/**
 * Who leads the partitions of a topic, and who is to.
 *
 * @param admin of a broker that is there all the time
 */
record Leaders(Admin admin, String topic) {
    /** The brokers that lead; -1 where there is none. */
    Set<Integer> now() {
        return partitions().stream()
                .map(each -> each.leader() == null
                        ? Node.noNode().id()
                        : each.leader().id())
                .collect(Collectors.toSet());
    }

    int of(int partition) {
        return partitions().get(partition).leader().id();
    }

    /** The brokers that are known to have everything that was acknowledged, of all partitions. */
    Set<Integer> inSync() {
        Set<Integer> inSync = new HashSet<>();
        partitions().forEach(each -> each.isr().forEach(node -> inSync.add(node.id())));
        return inSync;
    }

    /** Moves partitions. @param replicas by partition; the first one is preferred as leader */
    void place(Map<Integer, List<Integer>> replicas) {
        Map<TopicPartition, Optional<NewPartitionReassignment>> all = new HashMap<>();
        replicas.forEach((partition, brokers) ->
                all.put(new TopicPartition(topic, partition), Optional.of(new NewPartitionReassignment(brokers))));
        answer(admin.alterPartitionReassignments(all).all());
    }

    boolean areMoving() {
        return !answer(admin.listPartitionReassignments().reassignments()).isEmpty();
    }

    /** A partition that needs no other leader stays as it is. */
    void elect(ElectionType how) {
        Set<TopicPartition> all = partitions().stream()
                .map(each -> new TopicPartition(topic, each.partition()))
                .collect(Collectors.toSet());
        answer(admin.electLeaders(how, all).partitions());
    }

    /** Where the partitions end, as those say who lead. */
    SortedMap<Integer, Long> ends() {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        partitions().forEach(each -> latest.put(new TopicPartition(topic, each.partition()), OffsetSpec.latest()));
        SortedMap<Integer, Long> ends = new TreeMap<>();
        answer(admin.listOffsets(latest).all())
                .forEach((partition, end) -> ends.put(partition.partition(), end.offset()));
        return ends;
    }

    private List<TopicPartitionInfo> partitions() {
        return answer(admin.describeTopics(List.of(topic)).allTopicNames())
                .get(topic)
                .partitions();
    }
}
