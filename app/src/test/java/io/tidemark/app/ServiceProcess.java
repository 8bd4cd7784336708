package io.tidemark.app;

import io.tidemark.app.service.DataFolder;
import io.tidemark.app.service.ServiceInfo;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The real service as processes, started by the launcher as a user starts it: in a folder, on free ports that stay the
 * same when it is started again. Ends all of it when it is closed. Not thread-safe.
 */
public final class ServiceProcess implements AutoCloseable {
    private static final Duration TO_ANSWER = Duration.ofSeconds(150);
    private static final int LAST_LINES = 40;
    private static final int WIDEST_LINE = 400;
    private static final Duration TO_STOP = Duration.ofSeconds(15);

    private final DataFolder folder;
    private final List<String> options;
    private final Path output;
    private final int drpcPort;
    private Process process;

    private ServiceProcess(Path data, int drpcPort, List<String> options) throws IOException {
        this.folder = new DataFolder(data);
        this.drpcPort = drpcPort;
        this.options =
                new ArrayList<>(List.of("run", "--data", data.toString(), "--drpc-port", Integer.toString(drpcPort)));
        this.options.addAll(options);
        this.output = Files.createTempFile(data.toAbsolutePath().getParent(), "service", ".out");
    }

    /** Starts {@code tidemark run} in a folder, without a feed; does not wait. */
    public static ServiceProcess start(Path data, String... options) throws IOException {
        List<Integer> ports = freePorts(4);
        List<String> all = new ArrayList<>(List.of(
                "--kafka-port",
                ports.get(0).toString(),
                "--redis-port",
                ports.get(1).toString(),
                "--http-port",
                ports.get(3).toString(),
                "--feed",
                "none"));
        all.addAll(List.of(options));
        ServiceProcess service = new ServiceProcess(data, ports.get(2), all);
        service.startAgain();
        return service;
    }

    /** Starts it with servers that are there already; does not wait. */
    static ServiceProcess startWith(Path data, String kafka, String redis, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of("--kafka", kafka, "--redis", redis, "--http-port", "0"));
        all.addAll(List.of(options));
        ServiceProcess service = new ServiceProcess(data, freePorts(1).get(0), all);
        service.startAgain();
        return service;
    }

    /** Starts it again, on the same folder and ports; does not wait. */
    public void startAgain() throws IOException {
        process = command(options.toArray(String[]::new))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
    }

    /** A command line of the launcher, ready to start. */
    public static ProcessBuilder command(String... arguments) {
        Path here = Path.of("").toAbsolutePath();
        Path launcher = Stream.of(here, here.getParent())
                .map(path -> path.resolve("tidemark"))
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no launcher in or above " + here));
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    /** Waits until the topology answers {@code counts} of a stream that is initialised. */
    public void awaitAnswer() throws InterruptedException {
        long until = System.nanoTime() + TO_ANSWER.toNanos();
        String last = "";
        try (TidemarkClient client = client()) {
            while (System.nanoTime() < until) {
                if (!process.isAlive()) {
                    throw new AssertionError("the service ended with " + process.exitValue() + ":\n" + diagnosis());
                }
                try {
                    last = client.counts("");
                    if (!last.contains("\"error\"")) {
                        return;
                    }
                } catch (TidemarkClientException e) {
                    last = e.getMessage();
                }
                Thread.sleep(100);
            }
        }
        throw new AssertionError("no answer within " + TO_ANSWER + ", but: " + last + "\n" + diagnosis());
    }

    /** A client of its DRPC server. */
    public TidemarkClient client() {
        return new TidemarkClient("127.0.0.1", drpcPort);
    }

    /** Where it runs, as its data folder says. */
    public ServiceInfo info() {
        return ServiceInfo.read(folder).orElseThrow(() -> new AssertionError("no service.json in " + folder.path()));
    }

    public DataFolder folder() {
        return folder;
    }

    /** The service process itself. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** The processes below the service now: Kafka, Redis with its wrapper, Storm. */
    public List<ProcessHandle> children() {
        return process.descendants().toList();
    }

    /**
     * The process of this folder whose command line contains a text, {@code KafkaMain}, {@code StormMain}, {@code
     * redis-server}, and which is not the shell that has started it.
     */
    public ProcessHandle child(String text) {
        return processesOfFolder().stream()
                .filter(each -> each.info().commandLine().orElse("").contains(text))
                .filter(each -> !isShell(each))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + text + " of " + process.pid()));
    }

    private static boolean isShell(ProcessHandle process) {
        return process.info()
                .arguments()
                .filter(words -> words.length > 0 && words[0].equals("-c"))
                .isPresent();
    }

    /** Kills the service process alone with -9. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Kills the service and everything below it with -9, at once. */
    public void killAll() throws InterruptedException {
        List<ProcessHandle> all = new ArrayList<>(children());
        all.addAll(processesOfFolder());
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        process.waitFor();
    }

    /** Stops it with SIGTERM. @return the exit code; fails when it takes longer than it may */
    public int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(TO_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("not stopped within " + TO_STOP + ":\n" + diagnosis());
        }
        return process.exitValue();
    }

    /** All that it has printed since the first start. */
    public String output() {
        try {
            return Files.readString(output, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it has printed and the ends of its logs, for the message of a test that fails. */
    public String diagnosis() {
        StringBuilder text = new StringBuilder(output());
        for (String part : List.of("service", "kafka", "storm")) {
            text.append("\n--- ").append(part).append(".log\n");
            try {
                List<String> lines = Files.readAllLines(folder.log(part));
                lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size())
                        .forEach(line -> text.append(line, 0, Math.min(line.length(), WIDEST_LINE))
                                .append('\n'));
            } catch (IOException e) {
                text.append(e).append('\n');
            }
        }
        return text.toString();
    }

    /** Live processes of this machine that belong to the folder, by their command lines. */
    public List<ProcessHandle> processesOfFolder() {
        return ProcessHandle.allProcesses()
                .filter(p ->
                        p.info().commandLine().orElse("").contains(folder.path().toString()))
                .toList();
    }

    @Override
    public void close() {
        List<ProcessHandle> all = new ArrayList<>(children());
        all.add(process.toHandle());
        all.addAll(processesOfFolder());
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(handle -> handle.onExit().join());
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            sockets.add(socket);
            ports.add(socket.getLocalPort());
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return ports;
    }
}
