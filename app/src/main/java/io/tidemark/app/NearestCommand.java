package io.tidemark.app;

import io.tidemark.stream.NearestWord;
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
        return above.getCommandSpec().qualifiedName() + " " + NearestWord.among(names, typed);
    }
}
