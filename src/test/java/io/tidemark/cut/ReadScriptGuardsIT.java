package io.tidemark.cut;

import io.tidemark.testing.RedisServer;
import io.tidemark.testing.ScriptMutants;
import io.tidemark.testing.ScriptMutants.Mutant;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Takes each guard out of the script that reads, one at a time, and shows that a test notices. */
class ReadScriptGuardsIT {
    @TempDir
    static Path folder;

    private static RedisServer server;

    private static final String TOTALS = "marksAccountsAndTotalsAreOfOneMoment";
    private static final String NO_STREAM = "noStreamIsNoCutAndCountsWithoutMarksAreAnError";
    private static final String CLOCK = "aClockThatIsWrongIsSetByThatOfRedis";
    private static final String SPAN = "aSpanIsTheBucketsFromItsBeginningToItsEnd";
    private static final String MANY = "ofManyCategoriesThoseThatOccurredAreRead";
    private static final String SUMS = "theLargestAgreeWithPlainSumsWhateverTheBucketsHold";
    private static final String EQUALS = "amongEqualsTheFirstByTheirBytesAreListed";
    private static final String DEEP = "whatIsLargeInSumOnlyIsFoundFarDown";
    private static final String READ = "noMoreThanABoundIsReadForARanking";
    private static final String WRITTEN = "countsOfARankingAreWrittenOut";

    private static final List<Mutant> MUTANTS = List.of(
            new Mutant(
                    "where the name leads",
                    "if stream ~= ARGV[4] then",
                    "if false then",
                    "aNameIsFollowedToTheStreamThatItLeadsToNow"),
            new Mutant("no stream", "if #names == 0 then", "if false then", NO_STREAM),
            new Mutant("left over", "if call('EXISTS', KEYS[2]) == 1 then", "if false then", NO_STREAM),
            new Mutant(
                    "which configuration",
                    "if id ~= ARGV[1] then",
                    "if ARGV[1] == '' then",
                    "anotherConfigurationIsReadFirst"),
            new Mutant(
                    "without the configuration",
                    "if name ~= 'configuration' then",
                    "if true then",
                    "theTextOfAConfigurationThatIsKnownIsNotRead"),
            new Mutant("a time is needed", "if ARGV[2] ~= '' and", "if", TOTALS),
            new Mutant(
                    "the caller's time", "math.abs(time[1] * 1000 + time[2] / 1000 - ARGV[2]) > OFF", "false", CLOCK),
            new Mutant(
                    "ahead",
                    "math.abs(time[1] * 1000 + time[2] / 1000 - ARGV[2])",
                    "(time[1] * 1000 - ARGV[2])",
                    CLOCK),
            new Mutant(
                    "behind",
                    "math.abs(time[1] * 1000 + time[2] / 1000 - ARGV[2])",
                    "(ARGV[2] - time[1] * 1000)",
                    CLOCK),
            new Mutant("by seconds", "local OFF = 1000", "local OFF = 10000", CLOCK),
            new Mutant(
                    "health that is ours",
                    "call('TYPE', KEYS[4])['ok'] == 'hash'",
                    "true",
                    "whatTheCoordinatorWroteIsNoPartOfTheCut"),
            new Mutant("from its beginning", "from + SECONDS[size], to", "from, to", SPAN),
            new Mutant("to its end", "from + SECONDS[size], to", "from + SECONDS[size], '+inf'", SPAN),
            new Mutant("of its size", "if string.sub(name, 1, #prefix) == prefix then", "if true then", SPAN),
            new Mutant("not too many at once", "local AT_ONCE = 1000", "local AT_ONCE = 10000", MANY),
            new Mutant(
                    "the next ones",
                    "pairs_[#pairs_ + 1] = ARGV[i + j - 1]",
                    "pairs_[#pairs_ + 1] = ARGV[first + j - 1]",
                    MANY),
            new Mutant("those that occurred", "      if count then", "      if true then", MANY),
            new Mutant(
                    "reserved values apart",
                    "and not is_reserved[category] then\n            seen",
                    "then\n            seen",
                    SUMS),
            new Mutant("reserved values that occurred", "if sum > 0 then", "if true then", SUMS),
            new Mutant(
                    "reserved values of all buckets",
                    "do sum = sum + (call('ZSCORE', key, value) or 0) end",
                    "do sum = call('ZSCORE', key, value) or 0 end",
                    SUMS),
            new Mutant("seen once", "if not seen[category] and", "if", SUMS),
            new Mutant("of all buckets", "sums[j] = (sums[j] or 0) + (count or 0)", "sums[j] = count or 0", SUMS),
            new Mutant("no more than wanted", "best[wanted + 1] = nil", "", SUMS),
            new Mutant("larger first", "best[at - 1][2] < sum or", "", SUMS),
            new Mutant(
                    "ties by value", "best[at - 1][2] == sum and is_before(category, best[at - 1][1])", "false", SUMS),
            new Mutant("by bytes", "if x ~= y then return x < y end", "", EQUALS),
            new Mutant("what is longer comes later", "return #a < #b", "return false", EQUALS),
            new Mutant(
                    "equals are candidates",
                    "page[j + 1] + elsewhere >= last()",
                    "page[j + 1] + elsewhere > last()",
                    SUMS),
            new Mutant(
                    "what the others may add", "page[j + 1] + elsewhere >= last()", "page[j + 1] + 0 >= last()", SUMS),
            new Mutant("until nothing larger is left", "return most > last() or", "return false or", SUMS),
            new Mutant("until no equal is left", "or most == last() and #keys > 1", "", EQUALS),
            new Mutant("what is left of a bucket", "#page < 2 * chunk and 0 or tonumber(page[#page])", "0", SUMS),
            new Mutant("page by page", "position[i] = position[i] + chunk", "", DEEP),
            new Mutant(
                    "equals of one bucket",
                    "if #keys == 1 and #best == wanted and at_most == last() and at_most > 0 then",
                    "if false then",
                    EQUALS),
            new Mutant("of one bucket only", "if #keys == 1 and #best == wanted", "if #best == wanted", READ),
            new Mutant(
                    "equals are chosen anew",
                    "while #best > 0 and best[#best][2] == at_most do best[#best] = nil end",
                    "",
                    EQUALS),
            new Mutant("room for reserved equals", "'LIMIT', 0, wanted + #RESERVED)", "'LIMIT', 0, wanted)", EQUALS),
            new Mutant(
                    "no reserved equal",
                    "if not is_reserved[category] and #best < wanted then",
                    "if #best < wanted then",
                    EQUALS),
            new Mutant(
                    "no more equals than wanted",
                    "if not is_reserved[category] and #best < wanted then",
                    "if not is_reserved[category] then",
                    EQUALS),
            new Mutant("certain when nothing can be larger", "elseif at_most < last() then", "elseif false then", SUMS),
            new Mutant("written out", "return string.format('%.0f', n)", "return tostring(n)", WRITTEN),
            new Mutant("a bound on reading", "read < MOST_READ and", "", READ),
            new Mutant(
                    "a bound on looking up",
                    "and looked_up < MOST_LOOKED_UP",
                    "",
                    "noMoreThanABoundIsLookedUpForARanking"),
            new Mutant(
                    "a bound on each step",
                    "math.floor(MOST_AT_A_STEP / #keys)",
                    "AT_ONCE",
                    "eachStepOfARankingIsBoundedToo"));

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
        return ScriptMutants.tests("read", CutReader.READ.text(), MUTANTS, (test, script) -> {
            boolean ranks = Arrays.stream(RankingsIT.class.getDeclaredMethods())
                    .anyMatch(method -> method.getName().equals(test));
            CutFixture.run(ranks ? new RankingsIT() : new CutReaderIT(), server, script, test);
        });
    }
}
