package io.tidemark.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What a campaign says at its end, and how it ends. */
class ChaosTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    /** A part that does as it is told. */
    private static final class Told implements Part {
        private final String name;
        private final Doing doing;
        private Duration time;
        private boolean ended;

        private interface Doing {
            void with(Ledger ledger) throws IOException, InterruptedException;
        }

        private Told(String name, Doing doing) {
            this.name = name;
            this.doing = doing;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void run(Duration all, long seed, Ledger ledger) throws IOException, InterruptedException {
            time = all;
            doing.with(ledger);
        }

        @Override
        public void end() {
            ended = true;
        }
    }

    private final Told simulator = new Told("simulator", ledger -> ledger.verdict("simulator", "12 schedules"));
    private final Told service = new Told("service", ledger -> {
        for (double seconds : List.of(3.0, 1.0, 2.0)) {
            ledger.injected("service", "Redis killed");
            ledger.recovered("service", "Redis killed", seconds);
        }
        ledger.checked(1_234);
        ledger.verdict("service", "5,000 events");
    });

    private static Map<Part, Integer> parts(Told... all) {
        Map<Part, Integer> parts = new LinkedHashMap<>();
        for (Told each : all) {
            parts.put(each, parts.isEmpty() ? 1 : 2);
        }
        return parts;
    }

    private Chaos chaos(String names, Told... all) {
        return Chaos.of(parts(all), names, "3", 7, out);
    }

    private List<String> lines() {
        return bytes.toString(StandardCharsets.UTF_8)
                .lines()
                .map(String::stripTrailing)
                .toList();
    }

    @Test
    void theLastLineIsTheNumberOfMismatches() {
        assertThat(chaos("", simulator, service).run(Duration.ofMinutes(3))).isZero();
        assertThat(lines())
                .contains(
                        "seed 7",
                        "  simulator  12 schedules; 0 mismatches",
                        "  service    5,000 events; 0 mismatches",
                        "| service   | Redis killed |     3 |            2.0 |      3.0 |",
                        "1,234 answers checked")
                .noneMatch(line -> line.startsWith("again:"))
                .last()
                .isEqualTo("0 mismatches");
    }

    @Test
    void theTimeIsSharedOutAmongTheChosenParts() {
        chaos("", simulator, service).run(Duration.ofMinutes(3));
        assertThat(simulator.time).isEqualTo(Duration.ofMinutes(1));
        assertThat(service.time).isEqualTo(Duration.ofMinutes(2));
        simulator.time = null;
        chaos("service", simulator, service).run(Duration.ofMinutes(3));
        assertThat(simulator.time).isNull();
        assertThat(service.time).isEqualTo(Duration.ofMinutes(3));
    }

    @Test
    void aPartThatDoesNotExistIsNamedWithThoseThatDo() {
        assertThatThrownBy(() -> chaos("service,kafka", simulator, service))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("PARTS: there is no part \"kafka\". There are: simulator,service");
    }

    @Test
    void aMismatchEndsWithOneAndTheCommandThatRepeatsIt() {
        Told wrong = new Told("service", ledger -> ledger.mismatches("service", List.of("bot: 3, not 4"), 5));
        assertThat(chaos("", simulator, wrong).run(Duration.ofMinutes(3))).isEqualTo(1);
        assertThat(lines())
                .anyMatch(line -> line.endsWith("service: WRONG: bot: 3, not 4"))
                .anyMatch(line -> line.startsWith("again: make chaos MINUTES=3 SEED=7 PARTS=simulator,service "))
                .last()
                .isEqualTo("5 mismatches");
    }

    @Test
    void aPartThatBreaksIsAMismatchAndTheNextOneRuns() {
        Told breaks = new Told("simulator", ledger -> {
            throw new IOException("no memory");
        });
        assertThat(chaos("", breaks, service).run(Duration.ofMinutes(3))).isEqualTo(1);
        assertThat(service.time).isNotNull();
        assertThat(lines())
                .anyMatch(line -> line.endsWith("simulator: WRONG: it ended with java.io.IOException: no memory"))
                .last()
                .isEqualTo("1 mismatch");
    }

    @Test
    void anInterruptionEndsWhatRunsAndSaysWhatWasDoneSoFar() {
        Chaos[] running = new Chaos[1];
        Told interrupted = new Told("service", ledger -> {
            ledger.injected("service", "Redis killed");
            running[0].interrupt(new CountDownLatch(1));
            ledger.mismatch("service", "Redis is away");
        });
        Told next = new Told("cluster", ledger -> {});
        running[0] = chaos("", simulator, interrupted, next);
        running[0].run(Duration.ofMinutes(3));
        assertThat(interrupted.ended).isTrue();
        assertThat(next.time).isNull();
        assertThat(lines())
                .contains(
                        "interrupted; ending everything that was started",
                        "  simulator  12 schedules; 0 mismatches",
                        "  service    interrupted before its answers were compared; 0 mismatches",
                        "| service   | Redis killed |     1 |                |          |")
                .noneMatch(line -> line.contains("Redis is away"))
                .last()
                .isEqualTo("0 mismatches");
    }
}
