package io.tidemark.app.child;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A child's line to the service. Standard input brings {@code go} and {@code stop}; its end means that the service is
 * gone, and halts this process at once. Standard output carries words to the service, each a line that begins with
 * {@code @}; whatever libraries print goes to standard error.
 */
final class ParentWatch {
    /** Exit status of a child whose service is gone. */
    static final int SERVICE_GONE = 3;

    private static final Logger LOG = LoggerFactory.getLogger(ParentWatch.class);

    private final PrintStream words =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    private final CountDownLatch go = new CountDownLatch(1);
    private final Runnable onStop;
    private final Runnable onGone;

    private ParentWatch(Runnable onStop, Runnable onGone) {
        this.onStop = onStop;
        this.onGone = onGone;
    }

    /** @param onStop what to do before this process ends in order */
    static ParentWatch begin(Runnable onStop) {
        return begin(onStop, () -> {});
    }

    /**
     * @param onStop what to do before this process ends in order
     * @param onGone what to do before it ends because the service is gone
     */
    static ParentWatch begin(Runnable onStop, Runnable onGone) {
        ParentWatch watch = new ParentWatch(onStop, onGone);
        System.setOut(System.err);
        Thread thread = new Thread(watch::listen, "service-watch");
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    void say(String word) {
        words.println("@" + word);
    }

    /** Waits for the service's {@code go}. */
    void awaitGo() throws InterruptedException {
        go.await();
    }

    private void listen() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals("go")) {
                    go.countDown();
                } else if (line.equals("stop")) {
                    stop();
                }
            }
            LOG.warn("the service is gone; this process ends");
            onGone.run();
        } catch (IOException e) {
            LOG.warn("the service cannot be heard any more; this process ends", e);
        } finally {
            Runtime.getRuntime().halt(SERVICE_GONE);
        }
    }

    private void stop() {
        try {
            onStop.run();
            Runtime.getRuntime().halt(0);
        } catch (RuntimeException e) {
            LOG.error("stopping in order failed; this process ends anyway", e);
            Runtime.getRuntime().halt(1);
        }
    }
}
