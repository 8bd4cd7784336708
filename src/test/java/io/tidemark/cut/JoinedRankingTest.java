package io.tidemark.cut;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.stream.BucketSize;
import io.tidemark.stream.Dimension;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The largest over shards, from the largest of each, against plain sums. */
class JoinedRankingTest {
    private static final Dimension USER = new Dimension("user", true, true, Set.of(BucketSize.HOUR), 100_000);

    @Test
    void whatIsCertainIsTrueAndAskingOnMakesItCertain() {
        long seed = Long.getLong("tidemark.seed", System.nanoTime());
        int rounds = 0;
        int certainAtOnce = 0;
        for (int i = 0; i < 300; i++) {
            Random random = new Random(seed + i);
            List<Map<String, Long>> shards = shards(random);
            Ranking wanted = Ranking.total(USER, 1 + random.nextInt(12));
            Ranking asked = wanted;
            JoinedRanking joined = join(wanted, asked, shards);
            certainAtOnce += joined.isCertain() ? 1 : 0;
            for (int round = 0; !joined.isCertain(); round++) {
                assertThat(round).as("seed %d", seed + i).isLessThan(8);
                assertBounded(joined.ranked(), shards, seed + i);
                asked = joined.next(2 * asked.most());
                joined = join(wanted, asked, shards);
                rounds++;
            }
            assertThat(List.copyOf(joined.ranked().largest().entrySet()))
                    .as("seed %d, %d of %s", seed + i, wanted.most(), shards)
                    .isEqualTo(largest(shards, wanted.most()));
        }
        assertThat(rounds).as("some need more than the first answers").isPositive();
        assertThat(certainAtOnce).isPositive();
    }

    @Test
    void oneThatIsLargeInNoShardMayBeTheLargest() {
        List<Map<String, Long>> shards =
                List.of(Map.of("a", 10L, "x", 9L, "b", 1L), Map.of("c", 10L, "x", 9L), Map.of("d", 10L, "x", 9L));
        Ranking wanted = Ranking.total(USER, 1);
        JoinedRanking first = join(wanted, wanted, shards);
        assertThat(first.isCertain()).isFalse();
        assertThat(first.ranked().unlistedAtMost()).isEqualTo(30);
        Ranking asked = first.next(3);
        assertThat(join(wanted, asked, shards).ranked()).isEqualTo(new Ranked(Map.of("x", 27L), new TreeMap<>(), 0));
    }

    @Test
    void whatAShardCouldNotFindOutIsSaid() {
        Ranked whole = new Ranked(Map.of("a", 10L), new TreeMap<>(Map.of("(other)", 2L)), 0);
        Ranked bounded = new Ranked(Map.of("b", 8L), new TreeMap<>(Map.of("(other)", 3L)), 7, Map.of("a", 1L));
        Ranking wanted = Ranking.total(USER, 1);
        Ranked joined = new JoinedRanking(wanted, Ranking.total(USER, 5), List.of(whole, bounded)).ranked();
        assertThat(joined).isEqualTo(new Ranked(Map.of("a", 11L), new TreeMap<>(Map.of("(other)", 5L)), 0));
        assertThat(new JoinedRanking(Ranking.total(USER, 2), Ranking.total(USER, 5), List.of(whole, bounded)).ranked())
                .isEqualTo(new Ranked(
                        new LinkedHashMap<>(Map.of("a", 11L, "b", 8L)), new TreeMap<>(Map.of("(other)", 5L)), 0))
                .as("what is unlisted has 7 at most");
    }

    private static void assertBounded(Ranked ranked, List<Map<String, Long>> shards, long seed) {
        sums(shards).forEach((category, sum) -> {
            Long listed = ranked.largest().get(category);
            assertThat(
                            listed == null
                                    ? sum <= ranked.unlistedAtMost()
                                            || ranked.largest().values().stream()
                                                    .allMatch(n -> n >= sum)
                                    : listed.equals(sum))
                    .as("seed %d: %s has %d, listed %s of %s", seed, category, sum, listed, ranked)
                    .isTrue();
        });
    }

    private static JoinedRanking join(Ranking wanted, Ranking asked, List<Map<String, Long>> shards) {
        return new JoinedRanking(
                wanted,
                asked,
                shards.stream().map(shard -> answer(asked, shard)).toList());
    }

    /** As the script answers of one shard. */
    private static Ranked answer(Ranking asked, Map<String, Long> shard) {
        Map<String, Long> largest = new LinkedHashMap<>();
        ordered(shard).stream().limit(asked.most()).forEach(each -> largest.put(each.getKey(), each.getValue()));
        Map<String, Long> lookedUp = new HashMap<>();
        asked.also().forEach(category -> lookedUp.put(category, shard.getOrDefault(category, 0L)));
        return new Ranked(largest, new TreeMap<>(), 0, lookedUp);
    }

    private static List<Map<String, Long>> shards(Random random) {
        int values = 1 + random.nextInt(60);
        int flat = 1 + random.nextInt(20);
        List<Map<String, Long>> shards = new ArrayList<>();
        for (int k = 1 + random.nextInt(4); k > 0; k--) {
            Map<String, Long> counts = new HashMap<>();
            for (int i = 0; i < values; i++) {
                if (random.nextInt(3) > 0) {
                    counts.put("v" + random.nextInt(values), 1L + random.nextInt(flat));
                }
            }
            shards.add(counts);
        }
        return shards;
    }

    private static Map<String, Long> sums(List<Map<String, Long>> shards) {
        Map<String, Long> sums = new HashMap<>();
        shards.forEach(shard -> shard.forEach((category, n) -> sums.merge(category, n, Long::sum)));
        return sums;
    }

    private static List<Map.Entry<String, Long>> largest(List<Map<String, Long>> shards, int most) {
        return ordered(sums(shards)).stream().limit(most).collect(Collectors.toList());
    }

    private static List<Map.Entry<String, Long>> ordered(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .toList();
    }
}
