package io.tidemark.app.child;

import java.nio.file.Path;

/**
 * A DRPC server alone. Arguments: its port for callers, its port for workers, the data folder. Says {@code @ready} when
 * it takes connections.
 */
public final class DrpcMain {
    private static final long LOOK_MS = 10;

    private DrpcMain() {}

    public static void main(String[] args) throws InterruptedException {
        ParentWatch service = ParentWatch.begin(() -> {});
        // Held by this thread, which lives as long as the process: the server's own threads do not keep it alive.
        DrpcServer server = new DrpcServer(Integer.parseInt(args[0]), Integer.parseInt(args[1]), Path.of(args[2]));
        while (!server.isServing()) {
            Thread.sleep(LOOK_MS);
        }
        service.say("ready");
        Thread.currentThread().join();
    }
}
