package io.tidemark.app;

import io.tidemark.app.cluster.ClusterInfo;
import io.tidemark.app.cluster.ClusterView;
import io.tidemark.app.service.DataFolder;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tidemark cluster status}: what runs where. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        header = "What runs where: daemons, topologies, workers.",
        description = "Exit code 0 when all of it runs, 1 when something is missing, 3 when there is no cluster.")
final class ClusterStatusCommand implements Callable<Integer> {
    @Mixin
    private DataOption data;

    @Override
    public Integer call() {
        DataFolder folder = data.folder();
        ClusterInfo info = ClusterInfo.read(folder)
                .orElseThrow(() -> new CommandFailedException(
                        ExitCodes.UNREACHABLE,
                        "no cluster runs on " + folder.path() + ". Start one: ./tidemark cluster up" + data.asTyped()));
        ClusterView view = ClusterView.of(folder, info);
        view.lines().forEach(System.out::println);
        System.out.println();
        System.out.println("Kill any of them and watch: ./tidemark query counts --watch" + data.asTyped());
        return view.isWell() ? ExitCodes.OK : ExitCodes.FAILED;
    }
}
