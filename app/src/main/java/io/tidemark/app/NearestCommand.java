package io.tidemark.app;

import java.util.Comparator;
import java.util.List;
import picocli.CommandLine;

/** The command that somebody may have meant who typed one that does not exist. */
final class NearestCommand {
    private NearestCommand() {}

    /**
     * @param above whose command it would be
     * @return the whole command, as {@code tidemark cluster status}
     */
    static String to(String typed, CommandLine above) {
        List<String> names = above.getSubcommands().entrySet().stream()
                .filter(each -> !each.getValue().getCommandSpec().usageMessage().hidden())
                .map(each -> each.getKey())
                .sorted()
                .toList();
        String nearest = names.stream()
                .min(Comparator.comparingInt(name -> distance(typed, name)))
                .orElseThrow();
        return above.getCommandSpec().qualifiedName() + " " + nearest;
    }

    /** How many characters were left out, put in, taken for others, or typed in the wrong order. */
    private static int distance(String typed, String meant) {
        int[][] least = new int[typed.length() + 1][meant.length() + 1];
        for (int i = 0; i <= typed.length(); i++) {
            for (int j = 0; j <= meant.length(); j++) {
                if (i == 0 || j == 0) {
                    least[i][j] = i + j;
                    continue;
                }
                boolean isSame = typed.charAt(i - 1) == meant.charAt(j - 1);
                least[i][j] = Math.min(
                        Math.min(least[i - 1][j], least[i][j - 1]) + 1, least[i - 1][j - 1] + (isSame ? 0 : 1));
                boolean isSwapped = i > 1
                        && j > 1
                        && typed.charAt(i - 1) == meant.charAt(j - 2)
                        && typed.charAt(i - 2) == meant.charAt(j - 1);
                if (isSwapped) {
                    least[i][j] = Math.min(least[i][j], least[i - 2][j - 2] + 1);
                }
            }
        }
        return least[typed.length()][meant.length()];
    }
}
