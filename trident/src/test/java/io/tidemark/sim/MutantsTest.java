package io.tidemark.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Each guard is taken out once, and the simulator notices. */
class MutantsTest {
    @TempDir
    Path work;

    @TestFactory
    List<DynamicTest> theSimulatorNoticesThatAGuardIsGone() {
        return Mutants.all().stream()
                .filter(mutant -> mutant.schedules() > 0)
                .map(mutant -> DynamicTest.dynamicTest(mutant.guard(), () -> {
                    int survived = survived(mutant, work.resolve(Integer.toHexString(mutant.hashCode())));
                    System.out.println(mutant + ": noticed after " + survived + " schedules");
                    assertThat(survived).isLessThan(mutant.schedules());
                }))
                .toList();
    }

    /** How many schedules a mutant survives, at most as many as it may. */
    static int survived(Mutant mutant, Path work) {
        MethodHandle failures = MutantLoader.failures(mutant, work);
        for (int i = 0; i < mutant.schedules(); i++) {
            try {
                if ((String) failures.invokeExact((long) i + 1) != null) {
                    return i;
                }
            } catch (Throwable e) {
                throw new AssertionError(mutant + " at seed " + (i + 1), e);
            }
        }
        return mutant.schedules();
    }
}
