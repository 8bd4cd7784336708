package io.tidemark.stream;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that somebody who mistyped probably meant. */
final class NearestWord {
    private NearestWord() {}

    /** The known word with the fewest changed letters, if it is near enough to be meant. */
    static Optional<String> to(String word, Collection<String> known) {
        if (word.length() > 64) {
            return Optional.empty();
        }
        return known.stream()
                .filter(candidate -> distance(word, candidate) <= Math.max(1, candidate.length() / 3))
                .min(Comparator.comparingInt(candidate -> distance(word, candidate)));
    }

    /** Levenshtein's distance, upper and lower case and the hyphen's kind aside. */
    private static int distance(String one, String other) {
        String a = one.toLowerCase(Locale.ROOT).replace('_', '-');
        String b = other.toLowerCase(Locale.ROOT).replace('_', '-');
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
