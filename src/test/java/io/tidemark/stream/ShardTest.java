package io.tidemark.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.commit.Sample;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardTest {
    @Test
    void oneShardIsKeptUnderTheStreamsOwnName() {
        Shard only = Shard.of(Sample.sharded(1)).get(0);
        assertThat(only.name()).isEqualTo("wiki");
        assertThat(IntStream.range(0, 100).allMatch(only::owns)).isTrue();
    }

    @Test
    void eachPartitionBelongsToOneOfSeveral() {
        List<Shard> shards = Shard.of(Sample.sharded(3));
        assertThat(shards).extracting(Shard::name).containsExactly("wiki.0", "wiki.1", "wiki.2");
        for (int partition = 0; partition < 10; partition++) {
            int p = partition;
            assertThat(shards).filteredOn(shard -> shard.owns(p)).containsExactly(Shard.of(Sample.sharded(3), p));
        }
        assertThat(shards.get(1).own(new TreeMap<>(Sample.starts(5, 6, 7, 8, 9))))
                .containsOnlyKeys(1, 4);
        assertThatThrownBy(() -> new Shard(Sample.sharded(3), 3)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void namesLeadBackToTheStream() {
        assertThat(Shard.streamsOf(List.of("wiki.0", "wiki.10", "orders-2"))).containsExactly("orders-2", "wiki");
    }

    @Test
    void theNamesOfSetsOfCountsAreOneWhereTheyAreTheSame() {
        List<Shard> shards = Shard.of(Sample.sharded(2));
        assertThat(Shard.storeIds(List.of("a", "a"))).isEqualTo("a");
        assertThat(shards).allMatch(shard -> shard.storeId("a").equals("a"));
        String both = Shard.storeIds(List.of("a", "b"));
        assertThat(shards).extracting(shard -> shard.storeId(both)).containsExactly("a", "b");
    }
}
