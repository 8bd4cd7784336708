package io.tidemark.app.child;

import java.nio.file.Path;
import org.apache.storm.daemon.nimbus.Nimbus;
import org.apache.storm.daemon.supervisor.Supervisor;

/**
 * One of Storm's own daemons, as its own main class starts it, with its {@code storm.yaml} on the class path. First
 * argument: {@code nimbus}, or {@code supervisor} and its {@code storm.local.dir}. A supervisor that ends in order, or
 * because the service is gone, takes its workers with it; one that is killed leaves them.
 */
public final class DaemonMain {
    private DaemonMain() {}

    /** @throws Exception what Storm's daemons throw when they do not start */
    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "nimbus" -> {
                ParentWatch.begin(() -> {});
                Nimbus.main(new String[0]);
            }
            case "supervisor" -> {
                Path folder = Path.of(args[1]);
                ParentWatch.begin(() -> Workers.end(folder), () -> Workers.end(folder));
                Supervisor.main(new String[0]);
            }
            default -> throw new IllegalArgumentException("no daemon: " + args[0]);
        }
    }
}
