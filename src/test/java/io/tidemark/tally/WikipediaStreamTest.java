package io.tidemark.tally;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.stream.BucketSize;
import io.tidemark.stream.BundledStreams;
import io.tidemark.stream.StreamConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bundled Wikipedia stream on records as the world sends them. */
class WikipediaStreamTest {
    private static final StreamConfig WIKI = BundledStreams.wikipedia();
    private static final long NOW = millis("2026-04-11T10:00:02Z");
    private static final String RC = """
            {"$schema":"/mediawiki/recentchange/1.0.0","meta":{"id":"1","dt":"2026-04-11T10:00:01.100Z",\
            "domain":"en.wikipedia.org"},"id":1,"type":"edit","namespace":0,"title":"Sample page","comment":"c",\
            "timestamp":1775901601,"user":"Sample User","bot":false,"minor":false,"wiki":"enwiki"}""";
    private static final String WM = """
            {"action":"edit","change_size":2,"flags":"M","is_anon":false,"is_bot":false,"is_minor":true,\
            "is_new":false,"is_unpatrolled":false,"ns":"Main","page_title":"Sample page","parent_rev_id":"101",\
            "rev_id":"100","summary":"c","user":"Sample User"}""";

    private static long millis(String instant) {
        return Instant.parse(instant).toEpochMilli();
    }

    private static Counting counting() {
        return new Counting(WIKI, NOW);
    }

    private static String with(String record, String field, String value) {
        assertThat(record).contains("\"" + field + "\":");
        return record.replaceFirst(
                "\"" + field + "\":(\"[^\"]*\"|[^,}]*)", Matcher.quoteReplacement("\"" + field + "\":" + value));
    }

    private static String without(String record, String field) {
        assertThat(record).contains("\"" + field + "\":");
        return record.replaceFirst("\"" + field + "\":(\"[^\"]*\"|[^,}]*),?", "");
    }

    private static String category(String record, String dimension) {
        Tally tally = counting().add(record).tally();
        return tally.accounts().counted() == 1
                ? Counting.total(tally, dimension).keySet().iterator().next()
                : tally.reasons().toString();
    }

    private static Map<String, Long> bucket(Tally tally, String dimension, BucketSize size, String start) {
        CountKey key = CountKey.bucket(dimension, size, Instant.parse(start).getEpochSecond());
        return tally.additions().getOrDefault(key, Map.of());
    }

    private static void assertSumsAgree(Tally tally) {
        Map<CountKey, Map<String, Long>> additions = tally.additions();
        WIKI.dimensions().stream()
                .filter(d -> d.total())
                .forEach(d -> assertThat(sum(additions, d.name()))
                        .as(d.name())
                        .isEqualTo(tally.accounts().counted()));
    }

    private static long sum(Map<CountKey, Map<String, Long>> additions, String dimension) {
        return additions.getOrDefault(CountKey.total(dimension), Map.of()).values().stream()
                .mapToLong(n -> n)
                .sum();
    }

    @Test
    void bothFormatsCountInEachDimension() {
        Tally tally = counting().add(RC, WM).tally();
        assertThat(tally.accounts()).isEqualTo(new Accounts(2, 2, 0, 0, 0));
        Map.of("action", "edit", "kind", "edit", "actor", "human", "login", "loggedin", "namespace", "Main")
                .forEach((dimension, category) ->
                        assertThat(Counting.total(tally, dimension)).isEqualTo(Map.of(category, 2L)));
        assertThat(Counting.total(tally, "wiki")).isEqualTo(Map.of("enwiki", 1L, "(unknown)", 1L));
        assertThat(bucket(tally, "user", BucketSize.HOUR, "2026-04-11T10:00:00Z"))
                .isEqualTo(Map.of("Sample User", 2L));
        assertThat(Counting.total(tally, "user")).isEmpty();
        assertThat(bucket(tally, "user", BucketSize.MINUTE, "2026-04-11T10:00:00Z"))
                .isEmpty();
    }

    @Test
    void c06RecordsWithoutValueOrNotJsonObjectsAreRejectedByReason() {
        Tally tally = counting()
                .add(RC)
                .add((byte[]) null)
                .add("", "tick 17 from server", "42", "null", "[1,2,3]", "{\"type\":\"edit\"", "{}")
                .add(new byte[] {(byte) 0xFF, (byte) 0xFE, 0})
                .add(RC)
                .tally();
        assertThat(tally.accounts()).isEqualTo(new Accounts(11, 2, 9, 0, 0));
        assertThat(tally.reasons())
                .isEqualTo(Map.of(
                        "null-value", 1L,
                        "empty", 1L,
                        "not-json", 2L,
                        "not-an-object", 3L,
                        "missing-field", 1L,
                        "not-utf8", 1L));
        assertThat(tally.rejected().get(0))
                .extracting(RejectedRecord::offset)
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(Counting.total(tally, "action")).isEqualTo(Map.of("edit", 2L));
        assertThat(tally.covers().get(0).end()).isEqualTo(11);
    }

    @Test
    void w01AllDialectsOfWikimonCountAndNewPagesAreTheSameKind() {
        String created = """
                {"action":"create","change_size":null,"flags":null,"is_anon":false,"is_bot":false,"is_minor":false,\
                "is_new":false,"is_unpatrolled":false,"ns":"Special","page_title":"Special:Log/newusers",\
                "summary":"New user account","user":"Sample User"}""";
        String newusers = with(with(WM, "action", "\"Special:Log/newusers\""), "ns", "\"User\"");
        String[] records = {
            WM,
            with(WM, "change_size", "\"+42\""),
            with(with(with(without(WM, "flags"), "action", "\"new\""), "is_new", "true"), "parent_rev_id", "null"),
            with(WM, "is_new", "true"),
            created,
            with(with(newusers, "rev_id", "null"), "parent_rev_id", "null"),
            with(with(with(WM, "ns", "\"Category\""), "rev_id", "null"), "parent_rev_id", "null"),
            with(WM, "ns", "\"\""),
            with(WM, "action", "\"newusers\""),
            with(WM, "action", "\"hit\""),
        };
        String[] kinds = {"edit", "edit", "new", "new", "log", "log", "categorize", "edit", "log", "other"};
        for (int i = 0; i < records.length; i++) {
            assertThat(category(records[i], "kind")).as(records[i]).isEqualTo(kinds[i]);
        }
        assertThat(category(records[7], "namespace")).isEqualTo("(unknown)");
        assertThat(category(with(WM, "ns", "\"Category\""), "kind"))
                .as("an edit of a category page")
                .isEqualTo("edit");
        assertThat(counting().add(records).tally().accounts()).isEqualTo(new Accounts(10, 10, 0, 0, 0));
    }

    @ParameterizedTest
    @CsvSource({"edit,edit", "new,new", "log,log", "categorize,categorize", "external,other", "'',other", "EDIT,other"})
    void theKindOfRecentchangeIsItsType(String type, String kind) {
        assertThat(category(with(RC, "type", "\"" + type + "\""), "kind")).isEqualTo(kind);
        assertThat(category(with(RC, "type", "\"" + type + "\""), "action"))
                .isEqualTo(type.isEmpty() ? "(unknown)" : type);
    }

    @Test
    void w03AnEventWithoutUserCountsAsHidden() {
        String[] records = {
            without(RC, "user"), with(RC, "user", "null"), with(RC, "user", "\"\""), with(WM, "user", "null"),
        };
        Tally tally = counting().add(records).tally();
        assertThat(tally.accounts().counted()).isEqualTo(4);
        assertThat(Counting.total(tally, "login")).isEqualTo(Map.of("hidden", 4L));
        assertThat(Counting.total(tally, "namespace")).isEqualTo(Map.of("Main", 4L));
        assertThat(bucket(tally, "user", BucketSize.HOUR, "2026-04-11T10:00:00Z"))
                .isEqualTo(Map.of("(unknown)", 4L));
    }

    @ParameterizedTest
    @CsvSource({
        "2001:DB8:0:0:0:0:0:1, anonymous",
        "2001:db8::1, anonymous",
        "2001:0db8:0000:0000:0000:0000:0000:0001, anonymous",
        "::ffff:192.0.2.1, anonymous",
        "192.0.2.1, anonymous",
        "192.0.2.010, loggedin",
        "1.2.3, loggedin",
        "198.51.100.xxx, loggedin",
        "203.0.113.0/24, loggedin",
        "example.com, loggedin",
        "dead:beef, loggedin",
        "~2026-12345-67, temporary",
        "~2026-, temporary",
        "~202-1, loggedin",
        "~3026-1, loggedin",
        "x~2026-1, loggedin",
        "~2\u0660\u0660\u0660-1, loggedin",
        "Sample User, loggedin",
    })
    void w05UsersAreAnonymousByTheTextOfTheirAddressAlone(String user, String login) {
        assertThat(category(with(RC, "user", "\"" + user + "\""), "login")).isEqualTo(login);
    }

    @Test
    void isAnonDecidesWhereItIsThere() {
        assertThat(category(with(WM, "is_anon", "true"), "login")).isEqualTo("anonymous");
        assertThat(category(with(WM, "user", "\"192.0.2.1\""), "login")).isEqualTo("loggedin");
        assertThat(category(with(with(WM, "user", "\"192.0.2.1\""), "is_anon", "null"), "login"))
                .isEqualTo("anonymous");
        assertThat(category(with(with(WM, "user", "\"~2026-1\""), "is_anon", "true"), "login"))
                .isEqualTo("temporary");
        assertThat(category(with(WM, "is_anon", "\"true\""), "login")).isEqualTo("{wrong-type=1}");
    }

    @Test
    void actorIsUnknownWithoutAFlag() {
        assertThat(category(with(RC, "bot", "true"), "actor")).isEqualTo("bot");
        assertThat(category(without(RC, "bot"), "actor")).isEqualTo("(unknown)");
        assertThat(category(with(RC, "bot", "null"), "actor")).isEqualTo("(unknown)");
        assertThat(category(with(WM, "is_bot", "true"), "actor")).isEqualTo("bot");
        assertThat(category(with(RC, "bot", "1"), "actor")).isEqualTo("{wrong-type=1}");
    }

    @Test
    void w06TheWikiIsTheFieldNotTheHost() {
        String login = with(with(RC, "domain", "\"auth.wikimedia.org\""), "type", "\"log\"");
        Tally tally = counting().add(login, RC).tally();
        assertThat(Counting.total(tally, "wiki")).isEqualTo(Map.of("enwiki", 2L));
    }

    @Test
    void w07CanariesAreFilteredAndTimeGoesOn() {
        String canary = """
                {"$schema":"/mediawiki/recentchange/1.0.0","meta":{"id":"c1","dt":"2026-04-11T10:00:00.000Z",\
                "domain":"canary","stream":"mediawiki.recentchange"}}""";
        Tally tally = counting()
                .add(canary, canary, canary, with(RC, "domain", "\"canary\""), RC)
                .at(NOW + 600_000)
                .add(canary)
                .tally();
        assertThat(tally.accounts()).isEqualTo(new Accounts(6, 1, 0, 5, 0));
        assertThat(tally.asOf()).isEqualTo(Map.of(0, NOW + 600_000));
        assertThat(tally.covers().get(0).end()).isEqualTo(6);
        Tally only = counting().add(canary, canary).tally();
        assertThat(only.additions()).isEmpty();
        assertThat(only.reasons()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "1198,1198", "2600,2600", "-1,Special", "-2,Media", "100,Portal", "'\"3\"',User talk", "3.0,User talk",
        "null,(unknown)", "2147483648,2147483648", "0,Main", "-0,Main", "0.0,Main", "829,Module talk",
                "0.5,{wrong-type=1}",
        "'\"x\"',{wrong-type=1}", "'\"\"',{wrong-type=1}", "true,{wrong-type=1}"
    })
    void w08TheNumberOfTheNamespaceDecides(String number, String category) {
        assertThat(category(with(RC, "namespace", number), "namespace")).isEqualTo(category);
    }

    @Test
    void w08NamesOfNamespacesStandAsWritten() {
        assertThat(category(without(RC, "namespace"), "namespace")).isEqualTo("(unknown)");
        assertThat(category(with(WM, "ns", "\"Draft talk\""), "namespace")).isEqualTo("Draft talk");
        assertThat(category(with(WM, "ns", "\"1198\""), "namespace")).isEqualTo("1198");
        assertThat(category(with(WM, "ns", "\"Gadget\""), "namespace")).isEqualTo("Gadget");
        assertThat(category(with(WM, "ns", "\"Project\""), "namespace")).isEqualTo("Wikipedia");
        assertThat(category(with(WM, "ns", "null"), "namespace")).isEqualTo("(unknown)");
        assertThat(category(with(WM, "page_title", "\"2001: A Space Odyssey\""), "namespace"))
                .isEqualTo("Main");
        String talk = with(with(WM, "page_title", "\"User talk:2001:DB8:0:0:0:0:0:1\""), "ns", "\"User talk\"");
        assertThat(category(talk, "namespace")).isEqualTo("User talk");
    }

    @Test
    void t02FutureEventsAreRejectedAndLateOnesCountInTheirBucket() {
        Counting counting = new Counting(WIKI, millis("2026-04-11T10:00:30Z"));
        String at = "\"2026-04-11T10:00:00Z\"";
        for (int i = 0; i < 100; i++) {
            counting.add(with(RC, "dt", at));
        }
        counting.add(with(with(RC, "dt", "\"2099-01-01T00:00:00.000Z\""), "timestamp", "4070908800"));
        counting.at(millis("2026-04-11T10:01:00Z"));
        for (int i = 0; i < 100; i++) {
            counting.add(with(RC, "dt", "\"2026-04-11T10:01:00Z\""));
        }
        for (int i = 0; i < 10; i++) {
            counting.add(with(RC, "dt", "\"2026-04-11T09:10:00Z\""));
        }
        counting.add(with(RC, "dt", "\"2001-01-15T00:00:00Z\""));
        Tally tally = counting.tally();
        assertThat(tally.accounts()).isEqualTo(new Accounts(212, 211, 1, 0, 1));
        assertThat(tally.reasons()).isEqualTo(Map.of("time-in-future", 1L));
        assertThat(bucket(tally, "action", BucketSize.MINUTE, "2026-04-11T10:00:00Z"))
                .isEqualTo(Map.of("edit", 100L));
        assertThat(bucket(tally, "action", BucketSize.MINUTE, "2026-04-11T10:01:00Z"))
                .isEqualTo(Map.of("edit", 100L));
        assertThat(bucket(tally, "action", BucketSize.MINUTE, "2026-04-11T09:10:00Z"))
                .isEqualTo(Map.of("edit", 10L));
        assertThat(Counting.total(tally, "action")).isEqualTo(Map.of("edit", 211L));
        assertThat(tally.additions().keySet())
                .filteredOn(key -> key.dimension().equals("user"))
                .allMatch(key -> key.size() == BucketSize.HOUR)
                .hasSize(2);
        assertSumsAgree(tally);
    }

    @Test
    void t03MetaDtDecidesForMinuteAndHourAndBucketsAreUtcInAnyZone() {
        TimeZone zone = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
            Counting counting = new Counting(WIKI, millis("2026-04-11T14:00:03Z"));
            String record = with(
                    with(RC, "dt", "\"2026-04-11T14:00:02.250Z\""),
                    "timestamp",
                    "" + millis("2026-04-11T13:59:57Z") / 1000);
            for (int i = 0; i < 10; i++) {
                counting.add(record);
            }
            long first = millis("2026-11-01T04:00:00Z");
            for (int minute = 0; minute < 240; minute++) {
                counting.at(first + minute * 60_000L)
                        .add(with(RC, "dt", "\"" + Instant.ofEpochMilli(first + minute * 60_000L) + "\""));
            }
            Tally tally = counting.tally();
            assertThat(bucket(tally, "kind", BucketSize.MINUTE, "2026-04-11T14:00:00Z"))
                    .isEqualTo(Map.of("edit", 10L));
            assertThat(bucket(tally, "kind", BucketSize.HOUR, "2026-04-11T14:00:00Z"))
                    .isEqualTo(Map.of("edit", 10L));
            for (int hour = 4; hour < 8; hour++) {
                assertThat(bucket(tally, "kind", BucketSize.HOUR, "2026-11-01T0" + hour + ":00:00Z"))
                        .isEqualTo(Map.of("edit", 60L));
            }
            assertThat(tally.additions().keySet())
                    .filteredOn(key ->
                            key.size() == BucketSize.MINUTE && key.dimension().equals("kind"))
                    .hasSize(241);
        } finally {
            TimeZone.setDefault(zone);
        }
    }

    @Test
    void u02TextStandsAsWrittenInAnyLocale() {
        Locale locale = Locale.getDefault();
        try {
            Locale.setDefault(
                    new Locale.Builder().setLanguage("tr").setRegion("TR").build());
            StreamConfig wiki = BundledStreams.wikipedia();
            assertThat(wiki.fingerprint()).isEqualTo(WIKI.fingerprint());
            Tally tally = new Counting(wiki, NOW)
                    .add(WM, with(WM, "action", "\"EDIT\""), with(WM, "ns", "\"File\""))
                    .add(with(WM, "ns", "\"FILE TALK\""), with(WM, "page_title", "\"Caf\u00e9\""))
                    .add(with(WM, "page_title", "\"Cafe\u0301\""), with(WM, "page_title", "\"\u0130stanbul\""))
                    .add(with(WM, "page_title", "\"istanbul\""), with(WM, "user", "\"Sample_User\""), "tick")
                    .tally();
            assertThat(Counting.total(tally, "action")).isEqualTo(Map.of("edit", 8L, "EDIT", 1L));
            assertThat(Counting.total(tally, "kind")).isEqualTo(Map.of("edit", 8L, "other", 1L));
            assertThat(Counting.total(tally, "namespace")).isEqualTo(Map.of("Main", 7L, "File", 1L, "FILE TALK", 1L));
            assertThat(bucket(tally, "page", BucketSize.HOUR, "2026-04-11T10:00:00Z"))
                    .isEqualTo(Map.of(
                            "Sample page", 5L, "Caf\u00e9", 1L, "Cafe\u0301", 1L, "\u0130stanbul", 1L, "istanbul", 1L));
            assertThat(bucket(tally, "user", BucketSize.HOUR, "2026-04-11T10:00:00Z"))
                    .isEqualTo(Map.of("Sample User", 8L, "Sample_User", 1L));
            assertThat(tally.reasons()).isEqualTo(Map.of("not-json", 1L));
        } finally {
            Locale.setDefault(locale);
        }
    }

    @Test
    void equalTextInOtherSpellingsIsOneCategory() {
        String escaped = with(RC, "user", "\"S\\u0061mple User\"");
        Tally tally = counting()
                .add(RC, escaped, RC.replace("\"user\"", "\"us\\u0065r\""))
                .tally();
        assertThat(bucket(tally, "user", BucketSize.HOUR, "2026-04-11T10:00:00Z"))
                .isEqualTo(Map.of("Sample User", 3L));
    }

    /** Lines that EventStreams really sent, where somebody has put them beside the project. */
    @Test
    void realEventsAllCount() throws IOException {
        String file = System.getProperty("tidemark.recentchange", "../shared/data/recentchange-100.ndjson");
        Path path = Stream.of(file, "../" + file, "../../" + file)
                .map(Path::of)
                .filter(Files::exists)
                .findFirst()
                .orElse(Path.of(file));
        assumeTrue(
                Files.exists(path), "skipped: there is no " + path + " (-Dtidemark.recentchange=FILE names another)");
        Counting counting = new Counting(WIKI, millis("2023-07-29T08:00:00Z"));
        Files.readAllLines(path).forEach(counting::add);
        Tally tally = counting.tally();
        assertThat(tally.reasons()).isEmpty();
        assertThat(tally.accounts().counted()).isEqualTo(100);
        assertSumsAgree(tally);
    }
}
