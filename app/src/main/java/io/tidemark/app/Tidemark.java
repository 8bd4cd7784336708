package io.tidemark.app;

import io.tidemark.app.show.Terminal;
import java.io.PrintWriter;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code tidemark} command. */
@Command(
        name = "tidemark",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Exactly-once counts of Kafka events with Storm Trident and Redis.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            QueryCommand.class,
            StatusCommand.class,
            FeedCommand.class,
            ResetCommand.class,
            BackfillCommand.class,
            AliasesCommand.class,
            SkipCommand.class,
            CheckConfigCommand.class,
            VerifyCommand.class,
            RejectedCommand.class,
            GatewayCommand.class,
            ClusterCommand.class,
            AutoComplete.GenerateCompletion.class,
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done, or stopped in order by Ctrl-C or SIGTERM",
            "1:something was not done: an answer was an error, lines were not sent; or counts are wrong (verify)",
            "2:the command line or a configuration is wrong",
            "3:nothing answered where the service should be",
            "4:not started: the data folder or a port is taken, or this machine will not do",
            "130:a feed or a backfill was cut off by Ctrl-C; it has said how far it came"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark run                        the whole service on this machine, with a demo feed",
            "  tidemark query counts               what is counted, in a second terminal",
            "  tidemark query counts bot human     some categories",
            "  tidemark feed edits.ndjson          send events from a file",
            "  tidemark verify                     count the topic again and compare",
            "  tidemark rejected                   which records were not counted, and why",
            "  tidemark gateway --redis URI        the live page, HTTP and WebSocket from a Redis",
            "  tidemark cluster up                 the same on a Storm cluster of many processes",
            "  tidemark help run                   all options of a command"
        })
public final class Tidemark implements Runnable {
    private static final int HELP_WIDTH = 100;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command?");
    }

    public static void main(String[] args) {
        // Before anything asks for a logger. A command that has a data folder to log to says so itself.
        Logs.toNowhere();
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Tidemark()).setUsageHelpWidth(HELP_WIDTH);
        commandLine.addSubcommand(new HelpCommand());
        commandLine.setExecutionExceptionHandler((e, failed, parsed) -> {
            if (e instanceof CommandFailedException expected) {
                failed.getErr().println("tidemark: " + Terminal.harmlessLines(expected.getMessage()));
                return expected.exitCode();
            }
            throw e;
        });
        commandLine.setParameterExceptionHandler((e, args) -> notUnderstood(e));
        return commandLine;
    }

    private static int notUnderstood(ParameterException e) {
        CommandLine failed = e.getCommandLine();
        PrintWriter err = failed.getErr();
        String help = "tidemark help" + failed.getCommandSpec().qualifiedName().substring("tidemark".length());
        boolean isCommand = e instanceof UnmatchedArgumentException unmatched
                && !unmatched.isUnknownOption()
                && !failed.getSubcommands().isEmpty();
        if (isCommand) {
            String typed = ((UnmatchedArgumentException) e).getUnmatched().get(0);
            err.println("tidemark: there is no command '" + Terminal.harmless(typed) + "'.");
            err.println("The nearest is: " + NearestCommand.to(typed, failed) + "   All of them: " + help);
        } else {
            err.println("tidemark: " + Terminal.harmlessLines(e.getMessage()));
            if (!UnmatchedArgumentException.printSuggestions(e, err)) {
                err.println("Help: " + help);
            }
        }
        return ExitCodes.USAGE;
    }
}
