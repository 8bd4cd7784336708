package io.tidemark.app;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A command of the launcher that was run to its end.
 *
 * @param exitCode of the command
 * @param out standard output
 * @param err standard error
 */
record CommandLineRun(int exitCode, String out, String err) {
    private static final long SECONDS = 120;

    static CommandLineRun of(String... arguments) throws IOException, InterruptedException {
        return withInput("", arguments);
    }

    static CommandLineRun withInput(String input, String... arguments) throws IOException, InterruptedException {
        Process process = ServiceProcess.command(arguments).start();
        CompletableFuture<String> out = CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
        CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)).transferTo(process.getOutputStream());
        process.getOutputStream().close();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(String.join(" ", arguments) + " did not end within " + SECONDS + " s");
        }
        return new CommandLineRun(process.exitValue(), out.join(), err.join());
    }

    private static String text(InputStream stream) {
        try {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(cannot be read: " + e + ")";
        }
    }
}
