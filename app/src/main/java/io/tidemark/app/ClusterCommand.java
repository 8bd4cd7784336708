package io.tidemark.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidemark cluster}: the same on a Storm cluster of many processes. */
@Command(
        name = "cluster",
        mixinStandardHelpOptions = true,
        header = "A Storm cluster of many processes on this machine.",
        description = "ZooKeeper, Nimbus, two supervisors with worker JVMs, a DRPC server, Kafka and Redis, each a "
                + "process of its own that you may kill. The topology's jar is submitted as storm jar does it. Uses the "
                + "same data folder as tidemark run: counts go on from one to the other.",
        synopsisSubcommandLabel = "up|down|status",
        subcommands = {ClusterUpCommand.class, ClusterDownCommand.class, ClusterStatusCommand.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark cluster up",
            "  tidemark cluster up --workers 3 --emitters 2 --parsers 3",
            "  tidemark cluster status",
            "  tidemark cluster down"
        })
final class ClusterCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which one: up, down or status?");
    }
}
