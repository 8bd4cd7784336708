package io.tidemark.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each guard is taken out once, and the simulator notices; where it does not, it is said why. */
class MutantsTest {
    @TempDir
    Path work;

    private record Outcome(Mutant mutant, int survived) {
        boolean isAsSaid() {
            return survived < mutant.schedules() || !mutant.why().isEmpty();
        }

        @Override
        public String toString() {
            return "%-70s %s"
                    .formatted(
                            mutant,
                            survived < mutant.schedules()
                                    ? "noticed after " + survived + " schedules"
                                    : "survived " + survived + " schedules: " + mutant.why());
        }
    }

    @Test
    void aGuardThatIsGoneIsMissed() {
        List<Mutant> mutants = Mutants.all();
        List<Outcome> outcomes = IntStream.range(0, mutants.size())
                .parallel()
                .mapToObj(i -> new Outcome(mutants.get(i), survived(mutants.get(i), work.resolve("mutant-" + i))))
                .toList();
        outcomes.forEach(System.out::println);
        assertThat(outcomes).allMatch(Outcome::isAsSaid);
    }

    /** How many schedules a mutant survives, at most as many as it may. */
    static int survived(Mutant mutant, Path work) {
        MethodHandle failures = MutantLoader.failures(mutant, work);
        List<Fault.Kind> kinds =
                mutant.kinds().isEmpty() ? List.copyOf(Fault.Kind.of(mutant.shards())) : mutant.kinds();
        String names = kinds.stream().map(Enum::name).collect(Collectors.joining(","));
        for (int i = 0; i < mutant.schedules(); i++) {
            try {
                if ((String) failures.invokeExact((long) i + 1, mutant.shards(), names) != null) {
                    return i;
                }
            } catch (Throwable e) {
                throw new AssertionError(mutant + " at seed " + (i + 1), e);
            }
        }
        return mutant.schedules();
    }
}
