package io.tidemark.query;

import io.tidemark.stream.BucketSize;
import io.tidemark.stream.Category;
import io.tidemark.stream.Dimension;
import io.tidemark.stream.StreamConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the words of a question mean in one stream.
 *
 * @param dimensions of which something was asked, in the order of asking
 * @param labels the category that each word stands for, for those that stand for one; in the order of asking
 * @param asksForAll whether nothing was asked, which is everything that is kept in total
 */
record Wanted(List<Dimension> dimensions, Map<String, Category> labels, boolean asksForAll) {

    /** In total. @throws QueryException {@code unknown-dimension}, {@code unknown-word}, {@code not-in-total} */
    static Wanted of(StreamConfig config, List<String> words) {
        if (words.isEmpty()) {
            return new Wanted(
                    config.dimensions().stream().filter(Dimension::total).toList(), Map.of(), true);
        }
        Wanted wanted = named(config, words);
        wanted.dimensions().forEach(dimension -> inTotal(config, dimension));
        return wanted;
    }

    /** Wherever it is kept. @throws QueryException {@code unknown-dimension}, {@code unknown-word} */
    static Wanted named(StreamConfig config, List<String> words) {
        Set<Dimension> dimensions = new LinkedHashSet<>();
        Map<String, Category> labels = new LinkedHashMap<>();
        for (String word : words) {
            Optional<Dimension> whole = config.dimension(word);
            if (whole.isPresent()) {
                dimensions.add(whole.get());
            } else {
                Category category = category(config, word);
                dimensions.add(dimension(config, category.dimension(), word));
                labels.put(word, category);
            }
        }
        return new Wanted(new ArrayList<>(dimensions), labels, false);
    }

    /** The dimension of this name. @throws QueryException {@code unknown-dimension} */
    static Dimension dimension(StreamConfig config, String name) {
        return dimension(config, name, name);
    }

    private static Category category(StreamConfig config, String word) {
        int colon = word.indexOf(':');
        if (colon > 0 && config.dimension(word.substring(0, colon)).isPresent()) {
            return new Category(word.substring(0, colon), word.substring(colon + 1));
        }
        Optional<Category> alias = config.aliases().resolve(word);
        if (alias.isPresent()) {
            return alias.get();
        }
        if (colon > 0) {
            return new Category(word.substring(0, colon), word.substring(colon + 1));
        }
        Set<String> known = new TreeSet<>(config.aliases().names().keySet());
        config.dimensions().forEach(d -> known.add(d.name()));
        throw new QueryException(
                "unknown-word",
                "stream " + config.name() + " knows no \"" + word
                        + "\": expected a dimension, DIMENSION:VALUE or an alias",
                known);
    }

    private static Dimension dimension(StreamConfig config, String name, String word) {
        return config.dimension(name)
                .orElseThrow(() -> new QueryException(
                        "unknown-dimension",
                        "stream " + config.name() + " has no dimension \"" + name + "\", asked for by \"" + word + "\"",
                        names(config, false)));
    }

    static void inTotal(StreamConfig config, Dimension dimension) {
        if (dimension.total()) {
            return;
        }
        String sizes = dimension.buckets().stream()
                .sorted(Comparator.naturalOrder())
                .map(BucketSize::label)
                .collect(Collectors.joining(" and "));
        throw new QueryException(
                "not-in-total",
                "dimension " + dimension.name() + " of stream " + config.name() + " is kept in " + sizes
                        + " buckets, not in total: ask for its largest categories in a period with top, or for one of"
                        + " the dimensions that are kept in total",
                names(config, true));
    }

    private static List<String> names(StreamConfig config, boolean onlyTotal) {
        return config.dimensions().stream()
                .filter(d -> d.total() || !onlyTotal)
                .map(Dimension::name)
                .toList();
    }
}
