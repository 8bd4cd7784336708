package io.tidemark.app.chaos;

import io.tidemark.app.service.DataFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Half of the time random schedules in the simulator, half of it a real service that is broken under load. Arguments: a
 * folder for the service's data, minutes, and a seed, or nothing for a random one. The last line is the number of
 * mismatches; ends with 1 when there was one.
 */
public final class Chaos {
    private static final Pattern MISMATCHES = Pattern.compile("(\\d+) mismatches");
    private static final int BY_A_SIGNAL = 128;
    private static final String SIMULATOR = "io.tidemark.sim.Chaos";

    private Chaos() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Path.of(arguments[0]).toAbsolutePath();
        long minutes = Long.parseLong(arguments[1]);
        long seed = arguments.length > 2 && !arguments[2].isEmpty()
                ? Long.parseLong(arguments[2])
                : new Random().nextInt(Integer.MAX_VALUE);
        long simulated = Math.max(1, minutes / 2);
        long real = Math.max(1, minutes - simulated);
        System.out.println("chaos: " + simulated + " min in the simulator, then " + real
                + " min of a real service under load; seed " + seed);
        int inSimulator = simulate(simulated, seed);
        System.out.println("service: " + real + " min of faults under load, seed " + seed);
        DataFolder.remove(folder);
        Files.createDirectories(folder);
        int inService = onService(folder.resolve("data"), Duration.ofMinutes(real), seed);
        System.out.println();
        if (inService == 0) {
            DataFolder.remove(folder);
        } else {
            System.out.println("kept for a look: " + folder);
        }
        int all = inSimulator + inService;
        System.out.println("seed " + seed + ": simulator " + inSimulator + ", service " + inService);
        if (all > 0) {
            System.out.println("again: make chaos MINUTES=" + minutes + " SEED=" + seed
                    + " (a schedule of the simulator is the same again; the service gets the same faults, at moments"
                    + " that also hang on the machine)");
        }
        System.out.println(all + " mismatches");
        System.exit(all == 0 ? 0 : 1);
    }

    private static int onService(Path data, Duration time, long seed) throws IOException, InterruptedException {
        try {
            return ServiceCampaign.run(data, time, seed);
        } catch (AssertionError | IllegalArgumentException e) {
            // No answer after the start, an event that is not on the topic once, a record that nobody sent.
            System.out.println(e.getMessage());
            return 1;
        }
    }

    /** Runs the simulator as a process that ends with this one. @return mismatches; an end without a number is one */
    private static int simulate(long minutes, long seed) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        SIMULATOR,
                        Long.toString(minutes),
                        Long.toString(seed))
                .redirectErrorStream(true);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        int mismatches = -1;
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher number = MISMATCHES.matcher(line);
                if (number.matches()) {
                    mismatches = Integer.parseInt(number.group(1));
                } else {
                    System.out.println(line);
                }
            }
        }
        int exitCode = process.waitFor();
        if (exitCode > BY_A_SIGNAL) {
            System.out.println("the simulator was ended by signal " + (exitCode - BY_A_SIGNAL));
            // Where Ctrl-C ends this process too, this stands still, so that nothing is started any more.
            System.exit(1);
        }
        if (mismatches < 0 || exitCode != 0 && mismatches == 0) {
            System.out.println("the simulator ended with " + exitCode + ", which is a mismatch");
            return 1;
        }
        return mismatches;
    }
}
