package io.tidemark.app.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.app.demo.DemoEdit.Account;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.SplittableRandom;
import java.util.UUID;

/** Edits as EventStreams' recentchange writes them. */
final class RecentChangeLines {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SCHEMA = "/mediawiki/recentchange/1.0.0";

    private final SplittableRandom random;
    private long id = 1_900_000_000L;
    private long revision = 1_400_000_000L;
    private long offset = 5_000_000_000L;

    RecentChangeLines(SplittableRandom random) {
        this.random = random;
    }

    String line(DemoEdit edit, Instant happened) {
        String server = "https://" + edit.wiki().host();
        String url = server + "/wiki/" + path(edit.title());
        ObjectNode event = JSON.createObjectNode().put("$schema", SCHEMA);
        meta(event, happened, edit.wiki().host()).put("uri", url);
        if (!edit.log().equals("newusers")) {
            event.put("id", id++);
        }
        event.put("type", edit.kind())
                .put("namespace", edit.namespace())
                .put("title", edit.title())
                .put("title_url", url)
                .put("comment", edit.comment())
                .put("timestamp", happened.getEpochSecond());
        if (edit.account() != Account.HIDDEN) {
            event.put("user", edit.user());
        }
        event.put("bot", edit.bot());
        detail(event, edit);
        event.put("server_url", server)
                .put("server_name", edit.wiki().host())
                .put("server_script_path", "/w")
                .put("wiki", edit.wiki().id())
                .put("parsedcomment", edit.comment());
        return event.toString();
    }

    /** The real stream's heartbeat: it has no edit in it. */
    String canary(Instant sent) {
        ObjectNode event = JSON.createObjectNode().put("$schema", SCHEMA);
        meta(event, sent, "canary");
        return event.toString();
    }

    private ObjectNode meta(ObjectNode event, Instant happened, String domain) {
        return event.putObject("meta")
                .put("request_id", uuid())
                .put("id", uuid())
                .put("dt", happened.truncatedTo(ChronoUnit.MILLIS).toString())
                .put("domain", domain)
                .put("stream", "mediawiki.recentchange")
                .put("topic", "eqiad.mediawiki.recentchange")
                .put("partition", 0)
                .put("offset", offset++);
    }

    private void detail(ObjectNode event, DemoEdit edit) {
        switch (edit.kind()) {
            case "edit", "new" -> {
                event.put("minor", edit.minor());
                ObjectNode length = event.putObject("length");
                ObjectNode revisions = event.putObject("revision");
                if (edit.kind().equals("edit")) {
                    length.put("old", edit.lengthBefore());
                    revisions.put("old", revision++);
                }
                length.put("new", edit.lengthAfter());
                revisions.put("new", revision++);
            }
            case "log" -> {
                event.put("log_id", id++).put("log_type", edit.log());
                event.put("log_action", edit.log().equals("newusers") ? "create" : edit.log());
                event.putArray("log_params");
                event.put("log_action_comment", edit.comment());
            }
            default -> event.put("notify_url", "https://" + edit.wiki().host() + "/w/index.php?diff=" + revision);
        }
    }

    private String uuid() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private static String path(String title) {
        return URLEncoder.encode(title.replace(' ', '_'), StandardCharsets.UTF_8);
    }
}
