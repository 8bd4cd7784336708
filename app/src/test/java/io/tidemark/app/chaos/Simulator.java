package io.tidemark.app.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Random schedules in the simulator, which is a process of its own. */
final class Simulator implements Part {
    private static final Pattern MISMATCHES = Pattern.compile("(\\d+) mismatches");
    private static final Pattern PROGRESS = Pattern.compile("so far (\\S+ schedules)");
    private static final String FAILURE = "seed ";
    private static final int LAST_LINES = 20;
    private static final int BY_A_SIGNAL = 128;
    private static final int TO_BE_ENDED_MS = 2_000;

    private final String mainClass;
    private Process process;
    private boolean ended;

    /** @param mainClass takes seconds and a seed; says the number of mismatches of each of its campaigns */
    Simulator(String mainClass) {
        this.mainClass = mainClass;
    }

    @Override
    public String name() {
        return "simulator";
    }

    @Override
    public void run(Duration time, long seed, Ledger ledger) throws IOException, InterruptedException {
        BufferedReader lines = start(time, seed);
        int mismatches = -1;
        List<String> said = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher number = MISMATCHES.matcher(line);
            Matcher progress = PROGRESS.matcher(line);
            if (number.matches()) {
                mismatches = Math.max(0, mismatches) + Integer.parseInt(number.group(1));
            } else {
                ledger.say(name(), line);
                said.add(line);
            }
            if (progress.find()) {
                ledger.verdict(name(), progress.group(1));
            }
        }
        int exitCode = process.waitFor();
        if (exitCode > BY_A_SIGNAL) {
            // Ctrl-C ends this process too: its summary comes meanwhile.
            Thread.sleep(TO_BE_ENDED_MS);
        }
        if (mismatches < 0 || exitCode != 0 && mismatches == 0) {
            ledger.mismatch(
                    name(),
                    "it ended with " + exitCode + ", having said: "
                            + String.join("\n", said.subList(Math.max(0, said.size() - LAST_LINES), said.size())));
        } else if (mismatches > 0) {
            ledger.mismatches(
                    name(),
                    said.stream().filter(line -> line.startsWith(FAILURE)).toList(),
                    mismatches);
        }
    }

    private synchronized BufferedReader start(Duration time, long seed) throws IOException {
        if (ended) {
            throw new IllegalStateException("ended before it began");
        }
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        mainClass,
                        Long.toString(time.toSeconds()),
                        Long.toString(seed))
                .redirectErrorStream(true);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        process = builder.start();
        return process.inputReader(StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void end() {
        ended = true;
        if (process != null) {
            process.destroyForcibly();
            process.onExit().join();
        }
    }
}
