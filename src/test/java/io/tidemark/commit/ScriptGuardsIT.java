package io.tidemark.commit;

import io.tidemark.testing.RedisServer;
import io.tidemark.testing.ScriptMutants;
import io.tidemark.testing.ScriptMutants.Mutant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Takes each guard out of the scripts, one at a time, and shows that the contract's tests notice. */
class ScriptGuardsIT {
    @TempDir
    static Path folder;

    private static RedisServer server;

    private static final String LOG = "whatWasReadFromAnotherLogIsNotAdded";
    private static final String STEP = "anythingElseIsOutOfStepAndChangesNothing";
    private static final String TYPE = "aForeignTypeInAnyKeyIsRefusedWithNothingChanged";
    private static final String VALUE = "aForeignValueInAnyFieldIsRefusedWithNothingChanged";
    private static final String DENIED = "whatAUserMayNotDoIsTakenBackAndNamed";
    private static final String GONE = "aBucketThatIsGoneIsNotAddedToAndIsRemoved";
    private static final String CAP = "beyondItsCapARankedDimensionCountsOthersTogether";
    private static final String OTHER_COUNTS = "whatWasMadeForOtherCountsIsRefused";
    private static final String FORMAT = "anUnknownFormatIsRefusedByEverything";
    private static final String SORTED = "sortedSetsCountTo2To53AndNoFurther";
    private static final String AS_OF = "asOfIsTheLargestTimestampAndNeverFalls";

    private static final String ANEW = "whatWasResetIsNotBegunAgainByWhoRemembersIt";
    private static final String BROKEN_RESET = "aResetThatBrokeOffLeavesTheStreamFrozen";
    private static final String WHOSE = "whoseCountsTheyAreIsChecked";
    private static final String AS_SEEN = "whatIsNoLongerSoIsNotSkipped";
    private static final String SKIPPED = "theMarkMovesOnAndCountingGoesOnFromThere";

    private static final List<Mutant> OF_COMMIT = List.of(
            new Mutant(
                    "is there a stream",
                    "if main_type == 'none' then",
                    "if false then",
                    "aStreamThatIsNotInitialisedIsRefusedAlsoFromItsStart"),
            new Mutant("is the main key a hash", "if main_type ~= 'hash' then", "if false then", TYPE),
            new Mutant("format", "if head[1] ~= ARGV[1] then", "if false then", FORMAT),
            new Mutant("frozen", "if head[5] and head[5] ~= '' then", "if false then", "aFrozenStreamIsRefused"),
            new Mutant("store", "if head[2] ~= ARGV[2] then", "if false then", OTHER_COUNTS),
            new Mutant("topic id", "if head[3] ~= ARGV[3] then", "if false then", OTHER_COUNTS),
            new Mutant("fingerprint", "if head[4] ~= ARGV[4] then", "if false then", OTHER_COUNTS),
            new Mutant("mark lost", "if not mark and found[2] then", "if false then", "aMarkThatIsLostAloneIsRefused"),
            new Mutant("start lost", "if mark and not found[2] then", "if false then", "aMarkThatIsLostAloneIsRefused"),
            new Mutant(
                    "the start of a new partition",
                    "moves[#moves + 1] = 'start:' .. partition\n    moves[#moves + 1] = '0'",
                    "",
                    "aNewPartitionStandsAtZeroAndItsStartIsWritten"),
            new Mutant(
                    "of the log that was counted", "if epoch ~= before and not other_log then", "if false then", LOG),
            new Mutant(
                    "an epoch that nobody told is none",
                    "if epoch ~= before and not other_log then",
                    "if epoch ~= before and before ~= '' and not other_log then",
                    LOG),
            new Mutant(
                    "an epoch that nobody told takes the place of one that was",
                    "if epoch ~= '' or call('HEXISTS', main, 'epoch:' .. partition) == 1 then",
                    "if epoch ~= '' then",
                    LOG),
            new Mutant("a mark that is no offset", "if not is_count(mark) then", "if false then", VALUE),
            new Mutant("every mark at first", "if mark ~= first then", "if mark ~= first and i == 0 then", STEP),
            new Mutant("the last mark at first", "if mark ~= first then", "if mark ~= first and i > 0 then", STEP),
            new Mutant(
                    "at first, not merely before the end",
                    "if mark ~= first then",
                    "if tonumber(mark) >= tonumber(ends) then",
                    STEP),
            new Mutant("not behind first", "if mark ~= first then", "if tonumber(mark) > tonumber(first) then", STEP),
            new Mutant("not beyond first", "if mark ~= first then", "if tonumber(mark) < tonumber(first) then", STEP),
            new Mutant(
                    "compared as text",
                    "if mark ~= first then",
                    "if tonumber(mark) ~= tonumber(first) then",
                    "offsetsBeyondWhatADoubleHoldsAreComparedExactly"),
            new Mutant("every mark at end", "if mark ~= ends then", "if mark ~= ends and i == 0 then", STEP),
            new Mutant("the last mark at end", "if mark ~= ends then", "if mark ~= ends and i > 0 then", STEP),
            new Mutant(
                    "already applied is no refusal",
                    "if at_end then return { 'already-applied' } end",
                    "",
                    "aTallyAtTheMarksIsAddedOnce"),
            new Mutant("type of the buckets", "wrong_type(buckets, 'zset')", "nil", TYPE),
            new Mutant("type of the rejected positions", "wrong = wrong_type(KEYS[k], 'zset')", "wrong = nil", TYPE),
            new Mutant("clock is a count", "if head[6] and not is_count(head[6]) then", "if false then", VALUE),
            new Mutant("as-of is a count", "if head[7] and not is_count(head[7]) then", "if false then", VALUE),
            new Mutant("as-of never falls", "local as_of = larger(head[7], ARGV[7])", "local as_of = ARGV[7]", AS_OF),
            new Mutant(
                    "the clock never steps back",
                    "math.max(clock, math.min(tonumber(as_of), now))",
                    "math.min(tonumber(as_of), now)",
                    "bucketsStayGoneWhenRedisClockStepsBack"),
            new Mutant(
                    "no later than Redis's clock",
                    "math.min(tonumber(as_of), now)",
                    "tonumber(as_of)",
                    "aRecordFromTheFarFutureRemovesNothingOfToday"),
            new Mutant(
                    "the sum beyond 2^53",
                    "if larger(sum, EXACT) ~= EXACT then",
                    "if false then",
                    "sumsOfSortedSetsBeyond2To53AreRefused"),
            new Mutant(
                    "a largest score that is no count",
                    "if not score or score < 0",
                    "if false and score < 0",
                    "aForeignScoreIsRefusedBeforeAnythingIsWritten"),
            new Mutant("a largest score near 2^53", "if score > EXACT - sum then", "if false then", SORTED),
            new Mutant(
                    "2^53 compared without rounding", "score > EXACT - sum", "score + sum > tonumber(EXACT)", SORTED),
            new Mutant(
                    "nothing is added to what is gone",
                    "if is_gone(ARGV[at + 1]) then\n      -- nothing",
                    "if false then\n      -- nothing",
                    GONE),
            new Mutant(
                    "gone to the millisecond",
                    "return gone_at ~= '' and clock > tonumber(gone_at)",
                    "return gone_at ~= '' and clock >= tonumber(gone_at)",
                    GONE),
            new Mutant("what is gone is no bucket any more", "if not is_gone(ARGV[at + 2]) and", "if", GONE),
            new Mutant(
                    "what was left out is not taken back",
                    "if not is_gone(ARGV[at + 1]) then",
                    "if true then",
                    "whatWasLeftOutOfABucketThatIsGoneIsNotTakenBack"),
            new Mutant("taking back", "if not done then\n  take_back()", "if not done then", VALUE),
            new Mutant("taking back no more than was added", "if i > last_added then return end", "", VALUE),
            new Mutant("fields that were made go", "== 0 then try('HDEL', key, member) end", "== 0 then end", VALUE),
            new Mutant(
                    "members that were made go",
                    "          try('ZREM', key, member)",
                    "",
                    "whatWasCountedAsOtherIsTakenBackToo"),
            new Mutant(
                    "what went to others comes from there",
                    "local member = elsewhere[i] or ARGV[i]",
                    "local member = ARGV[i]",
                    "whatWasCountedAsOtherIsTakenBackToo"),
            new Mutant(
                    "new buckets go",
                    "for _, bucket in ipairs(new_buckets) do try('ZREM', buckets, bucket) end",
                    "",
                    DENIED),
            new Mutant(
                    "new positions go", "for _, m in ipairs(new_rejected) do try('ZREM', m[1], m[2]) end", "", DENIED),
            new Mutant(
                    "old positions come back",
                    "for _, m in ipairs(trimmed) do try('ZADD', m[1], m[3], m[2]) end",
                    "",
                    DENIED),
            new Mutant(
                    "version goes back", "if version_raised then try('HINCRBY', main, 'version', -1) end", "", DENIED),
            new Mutant(
                    "a score that is no count",
                    "if score + 0 < n + 0 or find(score, '%D') then",
                    "if false then",
                    VALUE),
            new Mutant(
                    "reserved names take no room",
                    "if call('ZSCORE', key, name) then room = room + 1 end",
                    "",
                    "reservedNamesTakeNoRoomUnderTheCap"),
            new Mutant(
                    "reserved names are always named",
                    "if crowded and not RESERVED[member] and",
                    "if crowded and",
                    CAP),
            new Mutant("who is named stays named", "and not call('ZSCORE', key, member) then", "then", CAP),
            new Mutant("the cap", "local crowded = (last - first) / 2 + 1 > room", "local crowded = false", CAP),
            new Mutant("room is used up", "room = room - 1", "room = room", CAP),
            new Mutant(
                    "the last thousand only",
                    "call('ZREMRANGEBYRANK', writing, 0, beyond)",
                    "",
                    "theLastThousandRejectedRecordsOfAPartitionAreKept"),
            new Mutant(
                    "marks after the counts",
                    "  add_counts()\n  note_buckets()",
                    "  move_marks()\n  add_counts()\n  note_buckets()",
                    VALUE),
            new Mutant(
                    "marks at all",
                    "for i = 1, #moves do fields[#fields + 1] = moves[i] end",
                    "",
                    "aTallyAtTheMarksIsAddedOnce"),
            new Mutant("version rises", "call('HINCRBY', main, 'version', 1)", "", "aTallyAtTheMarksIsAddedOnce"),
            new Mutant(
                    "as-of of each partition never falls",
                    "larger(call('HGET', main, 'as-of:' .. partition), seen)",
                    "seen",
                    AS_OF),
            new Mutant(
                    "errors are caught",
                    "local done, reason = pcall(function()\n  add_counts()",
                    "local done, reason = true, (function() add_counts() end)()\ndone, reason = pcall(function()",
                    VALUE),
            new Mutant(
                    "nobody may be told",
                    "local version = call('HGET', main, 'version')\npcall(function()",
                    "local version = call('HGET', main, 'version')\n;(function(f) f() end)(function()",
                    "aCommitSurvivesThatNobodyMayBeTold"));

    private static final List<Mutant> OF_INITIALISE = List.of(
            new Mutant("the first wins", "if found == 'hash' then", "if false then", "theFirstToInitialiseWins"),
            new Mutant("format", "if head[1] ~= ARGV[1] then", "if false then", FORMAT),
            new Mutant(
                    "counts without marks",
                    "if call('EXISTS', KEYS[k]) == 1 then",
                    "if false then",
                    "countsWithoutMarksAreRefused"),
            new Mutant("started over", "if wanted and wanted ~= ARGV[2] then", "if false then", ANEW),
            new Mutant(
                    "nobody started over",
                    "if wanted and wanted ~= ARGV[2] then",
                    "if wanted ~= ARGV[2] then",
                    "aRefusalIsToldOfAStreamThatIsNotThereToo"),
            new Mutant(
                    "a health key that is ours",
                    "if call('TYPE', KEYS[2])['ok'] == 'hash' then",
                    "if true then",
                    "whatWasLostAfterAResetIsBegunAgainByTheSameName"),
            new Mutant(
                    "is the main key a hash",
                    "if found ~= 'none' then",
                    "if false then",
                    "aForeignMainKeyIsNotInitialised"));

    private static final List<Mutant> OF_FORGET = List.of(
            new Mutant("who is to come", "call('HSET', KEYS[2], 'started-over-as', ARGV[1])", "", ANEW),
            new Mutant("the marks go", "call('UNLINK', KEYS[1])", "", ANEW));

    private static final List<Mutant> OF_MARKS = List.of(new Mutant(
            "without the configuration",
            "if name ~= 'configuration' then",
            "if true then",
            "marksAreReadWithoutTheTextOfTheConfiguration"));

    private static final List<Mutant> OF_FREEZE = List.of(
            new Mutant(
                    "a foreign main key",
                    "if call('TYPE', KEYS[1])['ok'] ~= 'hash' then",
                    "if false then",
                    "whateverStandsInTheMainKeyIsReset"),
            new Mutant(
                    "a stream that lost its main key is frozen too",
                    "if call('HEXISTS', KEYS[1], 'format') == 0 then call('HSET', KEYS[1], 'format', ARGV[1]) end",
                    "",
                    BROKEN_RESET),
            new Mutant(
                    "an unknown format stays unknown",
                    "if call('HEXISTS', KEYS[1], 'format') == 0 then",
                    "if true then",
                    BROKEN_RESET),
            new Mutant("frozen", "call('HSET', KEYS[1], 'frozen', ARGV[2])", "", BROKEN_RESET));

    private static final List<Mutant> OF_SKIP = List.of(
            new Mutant("is there a stream", "if call('TYPE', main)['ok'] ~= 'hash' then", "if false then", WHOSE),
            new Mutant("format", "if head[1] ~= ARGV[1] then", "if false then", WHOSE),
            new Mutant("frozen", "if head[3] and head[3] ~= '' then", "if false then", WHOSE),
            new Mutant("topic id", "if head[2] ~= ARGV[2] then", "if false then", WHOSE),
            new Mutant("the mark as it was seen", "if head[4] ~= ARGV[4] or", "if not head[4] or", AS_SEEN),
            new Mutant("start lost", "or not head[5] or", "or", AS_SEEN),
            new Mutant("skipped ranges as they were seen", " or (head[6] or '') ~= ARGV[6] then", " then", AS_SEEN),
            new Mutant("version rises", "call('HINCRBY', main, 'version', 1)", "2", SKIPPED),
            new Mutant("no leader epoch any more", "call('HDEL', main, 'epoch:' .. ARGV[3])", "", SKIPPED),
            new Mutant("what was skipped stands there", "'skipped', ARGV[7], ", "", "rangesThatFollowEachOtherAreOne"),
            new Mutant("who did it", "'writer', ARGV[8], ", "", "rangesThatFollowEachOtherAreOne"));

    private static final List<Mutant> OF_REMOVE = List.of(
            new Mutant("fingerprint", " or head[2] ~= ARGV[2]", "", "onlyTheStreamsOwnConfigurationRemovesBuckets"),
            new Mutant("frozen", " or head[3] and head[3] ~= ''", "", "onlyTheStreamsOwnConfigurationRemovesBuckets"),
            new Mutant(
                    "is it gone",
                    "if not head[4] or tonumber(head[4]) <= tonumber(ARGV[4]) then",
                    "if false then",
                    "theRemovalLooksAgainWhetherABucketIsGone"),
            new Mutant("out of the list", "call('ZREM', KEYS[2], ARGV[3])", "", GONE));

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
        tests.addAll(tests(server, "commit", whole.commit().text(), OF_COMMIT, Scripts::withCommit));
        tests.addAll(tests(server, "initialise", whole.initialise().text(), OF_INITIALISE, Scripts::withInitialise));
        tests.addAll(tests(server, "remove", whole.remove().text(), OF_REMOVE, Scripts::withRemove));
        tests.addAll(tests(server, "marks", whole.marks().text(), OF_MARKS, Scripts::withMarks));
        tests.addAll(tests(server, "freeze", whole.freeze().text(), OF_FREEZE, Scripts::withFreeze));
        tests.addAll(tests(server, "forget", whole.forget().text(), OF_FORGET, Scripts::withForget));
        tests.addAll(ofSkipping(whole.skip().text()));
        tests.addAll(underFaults("commit", whole.commit().text(), "must_be_master(main)", Scripts::withCommit));
        tests.addAll(underFaults("marks", whole.marks().text(), "must_be_master(KEYS[1])", Scripts::withMarks));
        return tests;
    }

    /** On each script, a test of {@link RedisStoreIT}. */
    static List<DynamicTest> tests(
            RedisServer server,
            String name,
            String text,
            List<Mutant> mutants,
            BiFunction<Scripts, String, Scripts> with) {
        return ScriptMutants.tests(
                name,
                text,
                mutants,
                (test, script) -> RedisStoreIT.run(server, with.apply(Scripts.bundled(), script), test));
    }

    private static List<DynamicTest> ofSkipping(String text) {
        return ScriptMutants.tests("skip", text, OF_SKIP, (test, script) -> {
            SkippingIT skipping = new SkippingIT();
            skipping.scripts = Scripts.bundled().withSkip(script);
            skipping.begin(server);
            try {
                ScriptMutants.call(skipping, test);
            } finally {
                skipping.end();
            }
        });
    }

    private static List<DynamicTest> underFaults(
            String name, String text, String guard, BiFunction<Scripts, String, Scripts> with) {
        Mutant mutant = new Mutant("is this still the master", guard, "", "aMasterThatWasDemotedIsNotBelieved");
        return ScriptMutants.tests(name, text, List.of(mutant), (test, script) -> {
            RedisStoreFaultIT faults = new RedisStoreFaultIT();
            faults.scripts = with.apply(Scripts.bundled(), script);
            RedisUnderFaults.server = server;
            faults.begin();
            try {
                ScriptMutants.call(faults, test);
            } finally {
                faults.end();
            }
        });
    }
}
