package io.tidemark.stream;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that somebody who mistyped probably meant. */
public final class NearestWord {
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

    /**
     * The known word with the fewest changed letters, however many; the first of several.
     *
     * @param known at least one
     */
    public static String among(List<String> known, String word) {
        return known.stream()
                .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
                .orElseThrow();
    }

    /** Optimal string alignment distance, upper and lower case and the hyphen's kind aside. */
    private static int distance(String one, String other) {
        String a = one.toLowerCase(Locale.ROOT).replace('_', '-');
        String b = other.toLowerCase(Locale.ROOT).replace('_', '-');
        int[][] distance = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    distance[i][j] = i + j;
                    continue;
                }
                int changed = distance[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                distance[i][j] = Math.min(changed, 1 + Math.min(distance[i - 1][j], distance[i][j - 1]));
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    distance[i][j] = Math.min(distance[i][j], 1 + distance[i - 2][j - 2]);
                }
            }
        }
        return distance[a.length()][b.length()];
    }
}
