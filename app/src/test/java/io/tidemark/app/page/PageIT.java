package io.tidemark.app.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.app.browser.Chromium;
import io.tidemark.app.browser.Tab;
import io.tidemark.gateway.Gateway;
import io.tidemark.gateway.GatewayOptions;
import io.tidemark.stream.BundledStreams;
import io.tidemark.stream.Refusal;
import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import io.tidemark.testing.CountedRecords;
import io.tidemark.testing.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The live page of a real gateway on a real Redis, in a real browser in New York. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PageIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_BYTES = 150_000;

    /** Clocks in New York went back on 2026-11-01 at 06:00 UTC. */
    private static final Instant BEFORE_THE_CHANGE = Instant.parse("2026-11-01T04:00:00Z");

    private static final List<String> HOSTILE = List.of(
            "0'+(window.t=1)+'0",
            "A \"B\" \\ C & <i>x</i>",
            "<img src=x onerror=\"window.t=1\">",
            "</script><script>window.t=1</script>",
            "a\nb",
            "a\u0000b",
            "\u202Egpj.exe",
            "1984",
            "007",
            "1e5",
            "__proto__",
            "true");

    @TempDir
    private static Path folder;

    private static RedisServer redis;
    private static Gateway gateway;
    private static CountedRecords edits;
    private static Chromium chromium;
    private static Tab tab;
    private static ScheduledExecutorService reports;
    private static volatile Refusal refusal;

    @BeforeAll
    static void start() {
        chromium = Chromium.start(folder.resolve("chromium"), "America/New_York");
        redis = RedisServer.start(folder.resolve("redis"));
        edits = new CountedRecords(redis.address(), BundledStreams.wikipedia());
        for (int minute = 0; minute < 240; minute++) {
            Instant at = BEFORE_THE_CHANGE.plus(Duration.ofMinutes(minute));
            count(edits, at, List.of(edit("Night Owl", "Clock change", "enwiki", at)));
        }
        List<String> hostile = new ArrayList<>();
        for (String text : HOSTILE) {
            hostile.add(edit(text, text, text.replace("\u0000", "") + "wiki", Instant.now()));
        }
        count(edits, Instant.now(), hostile);
        reports = Executors.newSingleThreadScheduledExecutor();
        reports.scheduleWithFixedDelay(PageIT::report, 0, 1, TimeUnit.SECONDS);
        gateway = Gateway.start(GatewayOptions.of(redis.address()).withBind("127.0.0.1", 0));
        tab = chromium.open();
        tab.look(1400, 900, "light");
        open("");
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (redis == null) {
            return;
        }
        reports.shutdownNow();
        reports.awaitTermination(10, TimeUnit.SECONDS);
        chromium.close();
        gateway.close();
        edits.close();
        redis.close();
    }

    /** A coordinator's report; it fails while a test has stopped Redis. */
    private static void report() {
        if (redis.isAlive()) {
            edits.report(refusal);
        }
    }

    private static void count(CountedRecords counted, Instant at, List<String> records) {
        counted.count(at, records);
        counted.report(null);
    }

    private static void open(String search) {
        tab.go(gateway.url() + search);
        tab.await("location.search === " + Tab.quoted(search) + " && " + isLive());
        tab.await(
                "document.querySelector('#trend tbody tr, #chart .column') && document.querySelector('.top-card tbody tr')");
    }

    private static String isLive() {
        return "['live', 'quiet'].includes(document.body.dataset.state)";
    }

    private static String counted(long number) {
        return "document.getElementById('counted').value === '" + number + "'";
    }

    private static String edit(String user, String title, String wiki, Instant at) {
        try {
            return "{\"type\":\"edit\",\"namespace\":0,\"title\":" + JSON.writeValueAsString(title) + ",\"user\":"
                    + JSON.writeValueAsString(user) + ",\"bot\":false,\"wiki\":" + JSON.writeValueAsString(wiki)
                    + ",\"meta\":{\"dt\":\"" + at + "\"}}";
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> texts(String selector) {
        List<String> texts = new ArrayList<>();
        tab.value("[...document.querySelectorAll(" + Tab.quoted(selector) + ")].map((e) => e.textContent)")
                .forEach(text -> texts.add(text.asText()));
        return texts;
    }

    @Test
    @Order(1)
    void textFromOutsideStandsAsTextAndRunsNowhere() {
        tab.await(counted(240 + HOSTILE.size()));
        List<String> shown = texts("[data-dimension=user] tbody .exactly");

        assertThat(shown)
                .hasSize(10)
                .isSubsetOf(HOSTILE.stream().map(PageIT::visible).toList());
        tab.click("[data-dimension=wiki] .more");
        assertThat(texts("[data-dimension=wiki] tbody .exactly"))
                .containsAll(HOSTILE.stream()
                        .map(text -> visible(text.replace("\u0000", "")) + "wiki")
                        .toList());
        tab.click("[data-dimension=wiki] .more");
        assertThat(tab.value("typeof window.t").asText()).isEqualTo("undefined");
        assertThat(tab.value("document.querySelectorAll('main img, main script, main i').length")
                        .asInt())
                .isZero();
    }

    /** What cannot be seen is shown by a picture or its number. */
    private static String visible(String text) {
        return text.replace("\n", "\u240A").replace("\u0000", "\u2400").replace("\u202E", "U+202E");
    }

    @Test
    @Order(2)
    void theTwoHoursOfOneNameAreTwoWhenClocksGoBack() {
        open("?stream=wiki&split=actor&day=2026-11-01");
        tab.value("document.querySelector('#trend details').open = true");
        tab.await("document.querySelectorAll('#trend tbody tr').length === 25");

        List<String> rows = texts("#trend tbody tr");
        assertThat(rows.get(0)).contains("12:00", "EDT60");
        assertThat(rows.get(1)).contains("01:00", "EDT60");
        assertThat(rows.get(2)).contains("01:00", "EST60");
        assertThat(rows.get(3)).contains("02:00", "EST60");
        assertThat(rows.subList(4, 25)).allMatch(row -> row.contains("EST0"));
        assertThat(tab.text("#trend .readout")).endsWith(": 240 changes");
        assertThat(tab.text("#zone")).contains("America/New_York");
        open("");
    }

    @Test
    @Order(3)
    void nothingScrollsSidewaysAndEveryTextHasContrast() throws IOException {
        String contrast = Files.readString(Path.of("src/test/resources/contrast.js"));
        for (int width : List.of(360, 390, 1400)) {
            for (String colours : List.of("light", "dark")) {
                tab.look(width, 844, colours);
                tab.await(
                        "innerWidth === " + width + " && document.querySelector('#chart svg').clientWidth < " + width);
                assertThat(tab.value("document.documentElement.scrollWidth").asInt())
                        .as("width of the page at %d px, %s", width, colours)
                        .isLessThanOrEqualTo(width);
                assertThat(tab.value(contrast))
                        .as("texts too faint at %d px, %s", width, colours)
                        .isEmpty();
            }
        }
        tab.look(1400, 900, "light");
    }

    @Test
    @Order(4)
    void allOfItWorksByKeyboardAndIsNamedForAScreenReader() {
        tab.value("document.activeElement.blur()");
        tab.press("Tab", 9);
        assertThat(tab.value("document.activeElement.className").asText()).isEqualTo("skip");
        tab.value("document.querySelector('.frame').focus()");
        String whole = tab.text("#trend .readout");
        tab.press("ArrowLeft", 37);
        tab.await("document.querySelector('#trend .readout').textContent !== " + Tab.quoted(whole));
        assertThat(tab.text("#trend .readout")).contains("still filling");
        assertThat(tab.text("#chart [aria-live=polite]")).contains("changes", "Humans");
        tab.press("Escape", 27);

        assertThat(tab.value("document.querySelectorAll('h1').length").asInt()).isEqualTo(1);
        assertThat(tab.value("document.querySelectorAll('header, main, footer').length")
                        .asInt())
                .isEqualTo(3);
        assertThat(tab.value("[...document.querySelectorAll('button, select, input, [role=group]')].filter((e) =>"
                                + " !(e.textContent.trim() || e.ariaLabel || e.labels?.length)).length")
                        .asInt())
                .as("controls without a name")
                .isZero();
        assertThat(tab.value("document.querySelectorAll('[aria-live]:not([aria-live=polite])').length")
                        .asInt())
                .isZero();
    }

    @Test
    @Order(5)
    void aStreamThatIsRefusedOrCannotBeReadSaysSoAndItsNumbersDoNotLookCurrent() {
        refusal = new Refusal("records-lost", "8800 events were deleted before they were counted");
        tab.await("document.body.dataset.state === 'refused'");
        assertThat(tab.text("#notice")).contains("Kafka deleted events", "8800 events were deleted");
        assertThat(tab.text("#hero-known")).contains("not current");
        refusal = null;
        tab.await(isLive());
        assertThat(tab.value("document.getElementById('notice').hidden").asBoolean())
                .isTrue();

        redis.stop();
        tab.await("document.body.dataset.state === 'down'");
        assertThat(tab.text("#hero-known")).contains("not current");
        assertThat(tab.value("document.body.classList.contains('not-current')").asBoolean())
                .isTrue();
        assertThat(tab.value("document.getElementById('counted').value").asText())
                .as("never zero because Redis is away")
                .isEqualTo(Integer.toString(240 + HOSTILE.size()));
        redis.start();
        tab.await(isLive());
        assertThat(tab.text("#hero-known")).isEmpty();
    }

    @Test
    @Order(6)
    void tenReconnectsLeaveOnePageOneSocketAndOneTimer() {
        int port = gateway.port();
        long rows =
                tab.value("document.querySelectorAll('tr, section, li').length").asLong();
        tab.value("window.sameDocument = true");
        for (int i = 0; i < 10; i++) {
            gateway.close();
            tab.await("document.body.dataset.state === 'disconnected' && !document.getElementById('retry').hidden");
            count(edits, Instant.now(), List.of(edit("Night Owl", "Clock change", "enwiki", Instant.now())));
            gateway = Gateway.start(GatewayOptions.of(redis.address()).withBind("127.0.0.1", port));
            tab.click("#retry");
            tab.await(isLive() + " && " + counted(240 + HOSTILE.size() + i + 1));
        }
        tab.await("document.querySelectorAll('tr, section, li').length === " + rows);
        assertThat(tab.value("window.sameDocument").asBoolean())
                .as("the page was not loaded anew")
                .isTrue();
        long before = asked();
        tab.value("new Promise((done) => setTimeout(done, 3500))");
        assertThat(asked() - before).as("questions in 3.5 s, one every 3 s").isLessThanOrEqualTo(2);
    }

    private static long asked() {
        return tab.requests().stream().filter(url -> url.endsWith("/api/ask")).count();
    }

    @Test
    @Order(7)
    void readersComeBackSpreadOverTime() {
        JsonNode spread = tab.value(
                "import('/backoff.js').then(({ wait }) => {"
                        + " const waits = Array.from({ length: 3000 }, () => wait(0));"
                        + " return { soon: waits.filter((ms) => ms < 1000).length, last: Math.max(...waits), later: wait(5) }; })");
        assertThat(spread.path("soon").asInt())
                .as("of 3,000 in the first second")
                .isLessThan(1_000);
        assertThat(spread.path("last").asInt()).isLessThan(5_000);
        assertThat(spread.path("later").asInt()).isLessThanOrEqualTo(21_000);
    }

    @Test
    @Order(7)
    void thePaceFallsToZeroWithinAMinuteOfTheLastEvent() {
        JsonNode pace = tab.value("import('/pace.js').then(({ Pace }) => { const pace = new Pace();"
                + " let at = 0; for (; at <= 120000; at += 1000) pace.heard(at, at / 20);"
                + " const busy = pace.at(at, 6000); for (; at <= 182000; at += 1000) pace.heard(at, 6000);"
                + " return { busy, quiet: pace.at(at, 6000), none: Number.isNaN(new Pace().at(at, 1)) }; })");
        assertThat(pace.path("busy").asDouble()).isBetween(48.0, 51.0);
        assertThat(pace.path("quiet").asDouble()).isZero();
        assertThat(pace.path("none").asBoolean()).isTrue();
    }

    @Test
    @Order(8)
    void aMessageThatIsMissingIsNoticedAndEverythingIsAskedForAgain() throws IOException {
        JsonNode seen = tab.value(Files.readString(Path.of("src/test/resources/missing-message.js")));

        assertThat(seen.path("merged")).isEqualTo(JSON.readTree("{\"x\": 5, \"y\": 2, \"__proto__\": 7}"));
        assertThat(seen.path("upBefore").asBoolean()).isTrue();
        assertThat(seen.path("upAfter").asBoolean()).isFalse();
        assertThat(seen.path("merged")).isEqualTo(seen.path("kept"));
        assertThat(seen.path("whole")).isEqualTo(JSON.readTree("{\"x\": 1}"));
    }

    @Test
    @Order(9)
    void thePageIsLightAsksNobodyElseAndComplainsOfNothingButTheNetwork() throws IOException {
        assertThat(tab.hosts()).containsExactly("127.0.0.1:" + gateway.port());
        assertThat(tab.complaints()).allMatch(complaint -> complaint.startsWith("network: "));
        long bytes = 0;
        try (Stream<Path> files = Files.list(Path.of("../drpc/gateway/src/main/resources/io/tidemark/gateway/page"))) {
            for (Path file : files.toList()) {
                bytes += Files.size(file);
            }
        }
        assertThat(bytes).isBetween(20_000L, (long) MOST_BYTES);
        open("?load=measured");
        System.out.println("PageIT: the page was loaded in "
                + tab.value("Math.round(performance.getEntriesByType('navigation')[0].loadEventEnd)")
                        .asLong()
                + " ms, and all its numbers stood there after "
                + tab.value("Math.round(performance.now())").asLong() + " ms");
    }

    @Test
    @Order(10)
    void withoutWebSocketsTheTotalsAreAskedFor() {
        Tab apart = chromium.open();
        apart.before(
                "window.WebSocket = class { constructor() { setTimeout(() => this.onclose?.({})); } close() {} };");
        apart.look(1400, 900, "dark");
        apart.go(gateway.url());
        apart.await("document.body.dataset.state === 'polling' && " + counted(240 + HOSTILE.size() + 10));
        count(edits, Instant.now(), List.of(edit("Night Owl", "Clock change", "enwiki", Instant.now())));
        apart.await(counted(240 + HOSTILE.size() + 11));
    }

    @Test
    @Order(11)
    void anotherStreamGetsItsPageFromItsConfiguration() throws IOException {
        Path examples = Path.of("../src/main/resources/io/tidemark/stream");
        StreamConfig config = StreamConfigReader.read(Files.readString(examples.resolve("orders.yaml")), examples);
        try (CountedRecords orders = new CountedRecords(redis.address(), config)) {
            Instant now = Instant.now();
            count(
                    orders,
                    now,
                    List.of(
                            order(now, 200, "{\"channel\": \"mail\", \"code\": \"AB2026\"}"),
                            order(now, 418, "null"),
                            "{\"id\": 1}"));
            Tab apart = chromium.open();
            apart.look(390, 844, "light");
            apart.go(gateway.url() + "?stream=orders");
            apart.await(counted(2) + " && document.querySelector('.top-card tbody tr')");

            assertThat(apart.text("h1")).contains("orders").doesNotContain("Wikipedia");
            assertThat(apart.value("[...document.querySelectorAll('#dimensions h2')].map((e) => e.textContent).join()")
                            .asText())
                    .isEqualTo("Outcome,Region,Size,Buyer,Shipping");
            assertThat(apart.value("[...document.querySelectorAll('[data-dimension=outcome] tbody tr')]"
                                    + ".map((e) => e.innerText.trim().split(/\\s+/).join(' ')).sort().join()")
                            .asText())
                    .isEqualTo("418 1 50.0%,paid 1 50.0%");
            assertThat(apart.text("[data-dimension=campaign] tbody .exactly")).isEqualTo("mail / AB2026");
            assertThat(apart.text("#rejected")).contains("a required field is missing");
            assertThat(apart.value("[...document.querySelectorAll('#stream-choice option')].map((e) => e.value).join()")
                            .asText())
                    .isEqualTo("orders,wiki");
            assertThat(apart.value("document.documentElement.scrollWidth").asInt())
                    .isLessThanOrEqualTo(390);
            apart.go(gateway.url() + "?stream=none");
            apart.await("document.getElementById('notice-text').textContent.includes('orders, wiki')");
        }
    }

    private static String order(Instant at, int status, String campaign) {
        return "{\"id\": 1, \"placed-at\": \"" + at + "\", \"status\": " + status
                + ", \"total\": 5, \"guest\": \"192.0.2.7\", \"campaign\": " + campaign + "}";
    }
}
