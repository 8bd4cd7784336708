package io.tidemark.app;

import io.tidemark.app.cluster.ClusterInfo;
import io.tidemark.app.cluster.StormCluster;
import io.tidemark.app.service.DataFolder;
import io.tidemark.app.service.ServiceInfo;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tidemark cluster down}: stops the cluster, also what a cluster that was killed has left over. */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        header = "Stops the cluster.",
        description =
                "Ends every process of it, workers too, also when the terminal that started it was killed. Events "
                        + "and counts stay.")
final class ClusterDownCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_MS = 100;

    @Mixin
    private DataOption data;

    @Override
    public Integer call() throws InterruptedException {
        DataFolder folder = data.folder();
        Logs.toFile(folder, "service");
        PrintStream out = System.out;
        if (folder.exists() && folder.isLocked()) {
            ProcessHandle running = running(folder);
            running.destroy();
            long until = System.nanoTime() + PATIENCE.toNanos();
            while (folder.isLocked()) {
                if (System.nanoTime() > until) {
                    throw new CommandFailedException(
                            ExitCodes.FAILED,
                            "the cluster (process " + running.pid() + ") does not stop within " + PATIENCE.toSeconds()
                                    + " s. End it with kill -9 " + running.pid() + " and try again.");
                }
                Thread.sleep(LOOK_MS);
            }
            out.println("Stopped. Nothing is lost: the next start goes on from here.");
            return ExitCodes.OK;
        }
        List<String> ended = folder.exists() ? StormCluster.endLeftOvers(folder) : List.of();
        out.println(
                ended.isEmpty()
                        ? "No cluster runs on " + folder.path() + "."
                        : "Ended what a cluster had left over: " + String.join(", ", ended) + ".");
        return ExitCodes.OK;
    }

    private ProcessHandle running(DataFolder folder) {
        if (ClusterInfo.read(folder).isEmpty()) {
            throw new CommandFailedException(
                    ExitCodes.REFUSED,
                    "what runs on " + folder.path() + " is no cluster. Stop it in its own terminal with Ctrl-C.");
        }
        return ServiceInfo.read(folder)
                .flatMap(info -> ProcessHandle.of(info.pid()))
                .orElseThrow(() -> new CommandFailedException(
                        ExitCodes.FAILED, "the cluster on " + folder.path() + " is stopping already."));
    }
}
