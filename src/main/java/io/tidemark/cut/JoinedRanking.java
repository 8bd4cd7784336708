package io.tidemark.cut;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The largest categories of a stream, from what each of its shards has said of its own: the threshold algorithm (Fagin,
 * Lotem and Naor 2001) over shards. A shard tells its largest categories, so that none that it did not tell has more
 * than the last of them, and the counts of those that it was asked for. What comes out is of these answers alone, so it
 * is exact for the cuts they came with; when it is not certain, asking for more is right. Immutable.
 */
final class JoinedRanking {
    /** So many counts may be looked up in a shard by one question: some tens of milliseconds. */
    private static final long MOST_LOOKED_UP = 100_000;

    /** The order that Redis has too, by the bytes of UTF-8. */
    private static final Comparator<String> CODE_POINTS =
            (a, b) -> Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());

    private final Ranking wanted;
    private final List<Sum> certain = new ArrayList<>();
    private final List<Sum> uncertain = new ArrayList<>();
    private final SortedMap<String, Long> reserved = new TreeMap<>();
    private final long unseen;

    /**
     * A category.
     *
     * @param least what it has in the shards that told of it
     * @param most what it may have in all
     */
    private record Sum(String category, long least, long most) {}

    /**
     * Joins what shards have answered.
     *
     * @param wanted the ranking that is wanted of the stream
     * @param asked what each shard was asked for
     * @param parts the shards' answers
     */
    JoinedRanking(Ranking wanted, Ranking asked, List<Ranked> parts) {
        this.wanted = wanted;
        long[] bounds = parts.stream().mapToLong(part -> bound(asked, part)).toArray();
        this.unseen = Arrays.stream(bounds).reduce(0, Math::addExact);
        Set<String> seen = new HashSet<>();
        parts.forEach(part -> {
            seen.addAll(part.largest().keySet());
            seen.addAll(part.lookedUp().keySet());
            part.reserved().forEach((value, n) -> reserved.merge(value, n, Math::addExact));
        });
        for (String category : seen) {
            Sum sum = sum(category, parts, bounds);
            if (sum.most() > sum.least()) {
                uncertain.add(sum);
            } else if (sum.least() > 0) {
                certain.add(sum);
            }
        }
        certain.sort(Comparator.comparingLong(Sum::least).reversed().thenComparing(Sum::category, CODE_POINTS));
    }

    /** What a category may have that the shard did not tell of. */
    private static long bound(Ranking asked, Ranked part) {
        long last = 0;
        if (part.largest().size() >= asked.most()) {
            last = part.largest().values().stream()
                    .mapToLong(Long::longValue)
                    .min()
                    .orElse(0);
        }
        return Math.max(last, part.unlistedAtMost());
    }

    private static Sum sum(String category, List<Ranked> parts, long[] bounds) {
        long least = 0;
        long most = 0;
        for (int i = 0; i < bounds.length; i++) {
            Long told = parts.get(i).lookedUp().get(category);
            told = told == null ? parts.get(i).largest().get(category) : told;
            least = Math.addExact(least, told == null ? 0 : told);
            most = Math.addExact(most, told == null ? bounds[i] : told);
        }
        return new Sum(category, least, most);
    }

    /** Whether nothing else can belong to the largest. */
    boolean isCertain() {
        return unlistedAtMost() == 0;
    }

    /** The largest, as far as they are known; it says how much others may have. */
    Ranked ranked() {
        Map<String, Long> largest = new LinkedHashMap<>();
        certain.stream().limit(wanted.most()).forEach(sum -> largest.put(sum.category(), sum.least()));
        return new Ranked(largest, reserved, unlistedAtMost());
    }

    /** 0 when none of them can be before the last of the largest. */
    private long unlistedAtMost() {
        Sum last = certain.size() < wanted.most() ? null : certain.get(wanted.most() - 1);
        long most = last == null || unseen >= last.least() ? unseen : 0;
        for (Sum sum : uncertain) {
            boolean after = last != null
                    && (sum.most() < last.least()
                            || sum.most() == last.least() && CODE_POINTS.compare(sum.category(), last.category()) > 0);
            most = after ? most : Math.max(most, sum.most());
        }
        return most;
    }

    /**
     * What to ask each shard for next.
     *
     * @param most largest categories
     */
    Ranking next(int most) {
        Map<String, Long> candidates = new HashMap<>();
        certain.forEach(sum -> candidates.put(sum.category(), sum.most()));
        uncertain.forEach(sum -> candidates.put(sum.category(), sum.most()));
        long buckets = wanted.size() == null
                ? 1
                : (wanted.to() - wanted.from()) / wanted.size().seconds();
        List<String> likely = candidates.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(Math.max(2L * wanted.most(), MOST_LOOKED_UP / Math.max(1, buckets)))
                .map(Map.Entry::getKey)
                .toList();
        return wanted.asking(most, likely);
    }
}
