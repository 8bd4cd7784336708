package io.tidemark.app.browser;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/** A browser process with a folder of its own. Ends with this JVM. Used by one thread. */
public final class Chromium implements AutoCloseable {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
    private static final Pattern LISTENS = Pattern.compile("DevTools listening on (ws://\\S+)");
    private static final long SECONDS_TO_START = 60;
    private static final long SECONDS_TO_END = 10;

    private final Process process;
    private final Thread atExit;
    private final DevTools tools;

    private Chromium(Process process, Thread atExit, DevTools tools) {
        this.process = process;
        this.atExit = atExit;
        this.tools = tools;
    }

    /**
     * Starts a browser, or aborts the test where there is none: it has not passed then, and the log says so.
     *
     * @param folder of its profile; made when missing
     * @param zone that the browser takes for the computer's ({@code America/New_York})
     */
    public static Chromium start(Path folder, String zone) {
        Optional<Path> found = find();
        if (found.isEmpty()) {
            String message = "NOT RUN: no Chromium is installed, so nobody has looked at the live page. Install one "
                    + "(apt-get install chromium) so that one of " + NAMES + " is on the PATH.";
            System.out.println(message);
            Assumptions.abort(message);
        }
        try {
            return start(found.get(), folder, zone);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A tab with an empty page. */
    public Tab open() {
        return new Tab(tools);
    }

    private static Chromium start(Path program, Path folder, String zone) throws IOException {
        Files.createDirectories(folder);
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--headless=new",
                "--remote-debugging-port=0",
                "--user-data-dir=" + folder.toAbsolutePath(),
                "--no-first-run",
                "--disable-gpu",
                "--disable-extensions",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-dev-shm-usage",
                "--lang=en-US"));
        if (System.getProperty("user.name").equals("root")) {
            // Chromium's own sandbox does not run as root.
            command.add("--no-sandbox");
        }
        command.add("about:blank");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("TZ", zone);
        Process process = builder.start();
        Thread atExit = new Thread(process::destroyForcibly, "stop-chromium");
        Runtime.getRuntime().addShutdownHook(atExit);
        return new Chromium(process, atExit, DevTools.connect(address(process)));
    }

    /** What it prints is read to its end, so that it never waits for a reader. */
    private static URI address(Process process) {
        CompletableFuture<URI> address = new CompletableFuture<>();
        StringBuilder said = new StringBuilder();
        Thread reading = new Thread(
                () -> {
                    try (BufferedReader lines = new BufferedReader(
                            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                            said.append(line).append('\n');
                            Matcher listens = LISTENS.matcher(line);
                            if (listens.find()) {
                                address.complete(URI.create(listens.group(1)));
                            }
                        }
                        address.completeExceptionally(new IOException("Chromium ended: " + said));
                    } catch (IOException e) {
                        address.completeExceptionally(e);
                    }
                },
                "chromium-output");
        reading.setDaemon(true);
        reading.start();
        try {
            return address.get(SECONDS_TO_START, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            throw new IllegalStateException("Chromium does not listen: " + said, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw new IllegalStateException("interrupted while Chromium started", e);
        }
    }

    /** The program that the system property {@code tidemark.browser} names, else the first on the PATH. */
    private static Optional<Path> find() {
        String chosen = System.getProperty("tidemark.browser");
        if (chosen != null) {
            return Optional.of(Path.of(chosen)).filter(Files::isExecutable);
        }
        return Arrays.stream(
                        Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Asks it to end, and kills what does not. */
    @Override
    public void close() {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        try {
            tools.send(null, "Browser.close", Map.of());
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            tools.close();
            process.destroyForcibly();
            all.forEach(ProcessHandle::destroyForcibly);
            Runtime.getRuntime().removeShutdownHook(atExit);
        }
    }
}
