package io.tidemark.app.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Signals that Java itself cannot send. */
public enum Signal {
    STOP,
    CONT;

    /** Sends it, and returns when it has been sent. */
    public void to(ProcessHandle process) {
        try {
            new ProcessBuilder("kill", "-" + name(), Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot send " + this + " to " + process.pid(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
