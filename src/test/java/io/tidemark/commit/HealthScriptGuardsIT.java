package io.tidemark.commit;

import io.tidemark.testing.RedisServer;
import io.tidemark.testing.ScriptMutants.Mutant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Takes each guard out of the scripts that say how a stream is, one at a time, and shows that the contract's tests notice. */
class HealthScriptGuardsIT {
    @TempDir
    static Path folder;

    private static RedisServer server;

    private static final String SECOND = "aSecondWriterIsNamedWhileItIsAlive";
    private static final String NO_TIME = "whatIsNoTimeIsAsGoodAsNone";
    private static final String BEHIND = "aStreamIsBehindSinceItsMarkLastMoved";
    private static final String IDLE = "aPartitionIsIdleAsOfTheReportBeforeOfItsOwnWriter";
    private static final String NO_STREAM = "aReportMakesNoStream";
    private static final String UNTIL = "whatATaskWasRefusedIsToldUntilACommitIsApplied";
    private static final String LONG_AGO = "whatWasToldLongAgoHoldsNoMore";
    private static final String NOT_THERE = "aRefusalIsToldOfAStreamThatIsNotThereToo";

    private static final List<Mutant> OF_REPORT = List.of(
            new Mutant("nobody is second to itself", "before[1] ~= ARGV[1] and before_ms and", "before_ms and", SECOND),
            new Mutant("somebody was before", "if before[1] and before[1] ~=", "if before[1] ~=", NO_TIME),
            new Mutant("a second one is alive", "now - before_ms < tonumber(ARGV[6])", "true", SECOND),
            new Mutant("a time before", "and before_ms and now - before_ms", "and now - before_ms", NO_TIME),
            new Mutant("a time that is a number", "tonumber(before[5] or '')", "before[5]", NO_TIME),
            new Mutant("idle at a time", "and before_ms and before[5]", "and before[5]", NO_TIME),
            new Mutant("no stream is made", "local asked_after = known and", "local asked_after =", NO_STREAM),
            new Mutant("a main key that is ours", "call('TYPE', main)['ok'] == 'hash'", "true", NO_STREAM),
            new Mutant("idle unless refused", "and ARGV[4] == '' and", "and", IDLE),
            new Mutant("idle by its own report", "and before[1] == ARGV[1] and", "and", IDLE),
            new Mutant("idle at the mark", "if asked_after and mark == ARGV[i + 1] then", "if asked_after then", IDLE),
            new Mutant("at the mark is not behind", "if mark ~= ARGV[i + 1] and larger", "if larger", BEHIND),
            new Mutant(
                    "beyond the mark",
                    "and larger(mark, ARGV[i + 1]) == ARGV[i + 1] then behind",
                    "then behind",
                    BEHIND),
            new Mutant("compared as numbers", "larger(mark, ARGV[i + 1]) == ARGV[i + 1]", "mark < ARGV[i + 1]", BEHIND),
            new Mutant("not behind any more", "if not behind then", "if false then", BEHIND),
            new Mutant("behind since then", "or before[4] ~= version then", "or true then", BEHIND),
            new Mutant("since the mark moved", " or before[4] ~= version then", " then", BEHIND),
            new Mutant("since it is again", "elseif (before[3] or '') == '' or before", "elseif before", BEHIND));

    private static final List<Mutant> OF_TELL = List.of(
            new Mutant("a main key that is ours", "call('TYPE', KEYS[2])['ok'] == 'hash'", "true", NOT_THERE),
            new Mutant("at which version", "known and call('HGET', KEYS[2], 'version') or ''", "''", UNTIL));

    private static final List<Mutant> OF_TOLD = List.of(
            new Mutant("nothing was told", "if not told_ms or now_ms()", "if now_ms()", UNTIL),
            new Mutant("a time that is a number", "tonumber(told[3] or '')", "told[3]", LONG_AGO),
            new Mutant("not for ever", "or now_ms() - told_ms > tonumber(ARGV[1]) then", "then", LONG_AGO),
            new Mutant("until the next commit", "if told[4] ~= (", "if false and told[4] ~= (", UNTIL),
            new Mutant("a main key that is ours", "call('TYPE', KEYS[2])['ok'] == 'hash'", "true", NOT_THERE));

    @BeforeAll
    static void startRedis() {
        server = RedisServer.start(folder, "appendonly no");
    }

    @AfterAll
    static void stopRedis() {
        server.close();
    }

    @TestFactory
    List<DynamicTest> eachGuardIsMissedWhenItIsGone() {
        Scripts whole = Scripts.bundled();
        List<DynamicTest> tests = new ArrayList<>();
        tests.addAll(ScriptGuardsIT.tests(server, "report", whole.report().text(), OF_REPORT, Scripts::withReport));
        tests.addAll(ScriptGuardsIT.tests(server, "tell", whole.tell().text(), OF_TELL, Scripts::withTell));
        tests.addAll(ScriptGuardsIT.tests(server, "told", whole.told().text(), OF_TOLD, Scripts::withTold));
        return tests;
    }
}
