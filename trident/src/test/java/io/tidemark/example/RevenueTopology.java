package io.tidemark.example;

import io.tidemark.trident.Sums;
import io.tidemark.trident.TopologySettings;
import java.nio.charset.StandardCharsets;
import org.apache.storm.generated.StormTopology;
import org.apache.storm.trident.TridentTopology;
import org.apache.storm.tuple.Fields;

/** What the orders of each country come to, in cents. */
public final class RevenueTopology {
    private RevenueTopology() {}

    public static Sums revenue(TopologySettings settings) {
        return Sums.of("revenue", "shop-orders", "cents by country, version 1", settings, RevenueTopology::add);
    }

    /** An order is {@code FR 1250}, a refund {@code FR -300}. */
    private static void add(byte[] order, Sums.Adding adding) {
        String text = order == null ? "" : new String(order, StandardCharsets.UTF_8);
        if (text.matches("[A-Z]{2} -?[0-9]{1,15}")) {
            adding.add(text.substring(0, 2), Long.parseLong(text.substring(3)));
        } else {
            adding.reject("no-order");
        }
    }

    public static StormTopology build(Sums sums) {
        TridentTopology topology = new TridentTopology();
        topology.newStream(sums.spout().id(), sums.spout())
                .localOrShuffle()
                .each(new Fields("chunk"), sums.tallies(), new Fields("shard", "tally"))
                .parallelismHint(2)
                .groupBy(new Fields("shard"))
                .persistentAggregate(sums.state(), new Fields("tally"), sums.merging(), new Fields("committed"));
        return topology.build();
    }
}
