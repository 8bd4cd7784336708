package io.tidemark.stream;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Other names of categories: {@code bot} for {@code actor:bot}, {@code g2_*} for {@code action:*}. A pattern ends in
 * {@code *} on both sides; what stands for the star is the category's value. Immutable.
 */
public final class Aliases {
    private static final String ANY = "*";

    private final Map<String, Category> names;

    /** @param names by alias; an alias that ends in {@code *} goes with a category whose value is {@code *} */
    public Aliases(Map<String, Category> names) {
        this.names = new LinkedHashMap<>(names);
        this.names.forEach((alias, category) -> {
            if (alias.endsWith(ANY) != category.value().equals(ANY)) {
                throw new IllegalArgumentException("alias " + alias + " and " + category + ": both or none end in *");
            }
        });
    }

    /** The category that a word stands for, if it is an alias. */
    public Optional<Category> resolve(String word) {
        Category exact = names.get(word);
        if (exact != null && !word.endsWith(ANY)) {
            return Optional.of(exact);
        }
        return names.entrySet().stream()
                .filter(e ->
                        e.getKey().endsWith(ANY) && word.length() >= e.getKey().length())
                .filter(e -> word.startsWith(stem(e.getKey())))
                .map(e -> new Category(
                        e.getValue().dimension(),
                        word.substring(stem(e.getKey()).length())))
                .findFirst();
    }

    /** The alias of a category, if it has one; the first that was given. */
    public Optional<String> of(Category category) {
        return names.entrySet().stream()
                .filter(e -> e.getValue().dimension().equals(category.dimension()))
                .filter(e -> e.getKey().endsWith(ANY) || e.getValue().equals(category))
                .map(e -> e.getKey().endsWith(ANY) ? stem(e.getKey()) + category.value() : e.getKey())
                .findFirst();
    }

    /** As they were given. */
    public Map<String, Category> names() {
        return Map.copyOf(names);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Aliases aliases && names.equals(aliases.names);
    }

    @Override
    public int hashCode() {
        return names.hashCode();
    }

    private static String stem(String pattern) {
        return pattern.substring(0, pattern.length() - 1);
    }
}
