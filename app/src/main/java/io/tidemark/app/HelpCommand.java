package io.tidemark.app;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code tidemark help}: all options of a command, also of one below another; picocli's own stops at the first word. */
@Command(name = "help", helpCommand = true, header = "Shows all options of a command.")
final class HelpCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "COMMAND", description = "Of which command, as in: tidemark help cluster up.")
    private List<String> path = List.of();

    @Override
    public void run() {
        CommandLine shown = spec.parent().commandLine();
        for (String name : path) {
            CommandLine below = shown.getSubcommands().get(name);
            if (below == null) {
                throw new UnmatchedArgumentException(shown, List.of(name));
            }
            shown = below;
        }
        shown.usage(spec.commandLine().getOut());
    }
}
