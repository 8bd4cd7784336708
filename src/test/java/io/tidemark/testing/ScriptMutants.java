package io.tidemark.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Scripts without one of their guards, and whether a test notices. Used by one thread. */
public final class ScriptMutants {
    /**
     * A script without one of its guards.
     *
     * @param guard what is missing
     * @param was text that stands once in the script
     * @param becomes text that stands there instead
     * @param noticedBy name of a test that fails then
     */
    public record Mutant(String guard, String was, String becomes, String noticedBy) {}

    /** Runs one test on a script. */
    public interface Run {
        /**
         * @param test its name
         * @param script text of the script
         * @throws AssertionError and whatever else makes a test fail
         */
        void run(String test, String script) throws Throwable;
    }

    private ScriptMutants() {}

    /** A test for each mutant: the test that it names passes on the whole script and fails on the changed one. */
    public static List<DynamicTest> tests(String name, String whole, List<Mutant> mutants, Run run) {
        Set<String> passed = new HashSet<>();
        List<DynamicTest> tests = new ArrayList<>();
        for (Mutant mutant : mutants) {
            tests.add(DynamicTest.dynamicTest(name + " without: " + mutant.guard(), () -> {
                int at = whole.indexOf(mutant.was());
                assertThat(at).as("\"%s\" stands in the script", mutant.was()).isNotNegative();
                assertThat(whole.indexOf(mutant.was(), at + 1))
                        .as("\"%s\" stands there once", mutant.was())
                        .isNegative();
                if (!passed.contains(mutant.noticedBy())) {
                    run.run(mutant.noticedBy(), whole);
                    passed.add(mutant.noticedBy());
                }
                assertThat(passes(run, mutant.noticedBy(), whole.replace(mutant.was(), mutant.becomes())))
                        .as("%s passes without: %s", mutant.noticedBy(), mutant.guard())
                        .isFalse();
            }));
        }
        return tests;
    }

    private static boolean passes(Run run, String test, String script) {
        try {
            run.run(test, script);
            return true;
        } catch (Throwable failed) {
            assertThat(failed.getClass().getSimpleName()).isNotEqualTo("StoreUnavailableException");
            return false;
        }
    }

    /** Calls a test method of this class or of one above it; what it throws is thrown. */
    public static void call(Object tests, String test) throws Throwable {
        Method method = Stream.<Class<?>>iterate(tests.getClass(), c -> c != Object.class, Class::getSuperclass)
                .flatMap(c -> Stream.of(c.getDeclaredMethods()))
                .filter(m -> m.getName().equals(test))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no test " + test));
        method.setAccessible(true);
        try {
            method.invoke(tests);
        } catch (InvocationTargetException failed) {
            throw failed.getCause();
        }
    }
}
