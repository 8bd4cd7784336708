package io.tidemark.tally;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.stream.BundledStreams;
import io.tidemark.stream.StreamConfig;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WikipediaStreamTest {
    private static final StreamConfig WIKI = BundledStreams.wikipedia();
    private static final long NOW = Instant.parse("2026-04-11T10:00:02Z").toEpochMilli();
    private static final String RC = """
            {"$schema":"/mediawiki/recentchange/1.0.0","meta":{"id":"1","dt":"2026-04-11T10:00:01.100Z",\
            "domain":"en.wikipedia.org"},"id":1,"type":"edit","namespace":0,"title":"Sample page","comment":"c",\
            "timestamp":1775901601,"user":"Sample User","bot":false,"minor":false,"wiki":"enwiki"}""";
    private static final String WM = """
            {"action":"edit","change_size":2,"flags":"M","is_anon":false,"is_bot":false,"is_minor":true,\
            "is_new":false,"is_unpatrolled":false,"ns":"Main","page_title":"Sample page","parent_rev_id":"101",\
            "rev_id":"100","summary":"c","user":"Sample User"}""";

    @Test
    void bothFormatsCountInEachDimension() {
        Tally tally = new Counting(WIKI, NOW).add(RC, WM, "tick 17").tally();
        assertThat(tally.accounts()).isEqualTo(new Accounts(3, 2, 1, 0, 0));
        assertThat(tally.reasons()).isEqualTo(Map.of("not-json", 1L));
        for (String[] expected : new String[][] {
            {"action", "edit"}, {"kind", "edit"}, {"actor", "human"}, {"login", "loggedin"}, {"namespace", "Main"},
        }) {
            assertThat(Counting.total(tally, expected[0])).isEqualTo(Map.of(expected[1], 2L));
        }
        assertThat(Counting.total(tally, "wiki")).isEqualTo(Map.of("enwiki", 1L, "(unknown)", 1L));
    }
}
