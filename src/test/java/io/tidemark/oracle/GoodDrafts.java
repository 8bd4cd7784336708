package io.tidemark.oracle;

import io.tidemark.oracle.JsonText.Member;
import io.tidemark.oracle.Values.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Events that must be counted: who, where and when, in recentchange's words or in one of wikimon's dialects. */
final class GoodDrafts {
    private static final List<String> WIKIS = List.of(
            "enwiki", "dewiki", "frwiki", "jawiki", "wikidatawiki", "commonswiki", "ruwiki", "arwiki", "trwiki");
    private static final int ODD_IN_1000 = 25;

    private final SplittableRandom random;
    private final JsonText text;
    private final Values values;
    private final Namespaces namespaces;
    private final Users users;
    private final Times times;
    private long serial;

    GoodDrafts(SplittableRandom random, JsonText text, Times times) {
        this.random = random;
        this.text = text;
        this.values = new Values(random);
        this.namespaces = new Namespaces(random, text, values);
        this.users = new Users(random, values);
        this.times = times;
    }

    Draft next() {
        serial++;
        Draft draft = random.nextInt(10) < 6 ? recentChange() : wikimon();
        if (odd()) {
            unreadOddities(draft);
        }
        return draft;
    }

    private boolean odd() {
        return random.nextInt(1_000) < ODD_IN_1000;
    }

    Draft recentChange() {
        Draft draft = new Draft();
        draft.put("$schema", text.text("/mediawiki/recentchange/1.0.0"));
        int luck = random.nextInt(100);
        Value type = luck < 70
                ? Values.plain("edit")
                : luck < 80 ? Values.plain("categorize") : luck < 90 ? Values.plain("log") : Values.plain("new");
        if (odd()) {
            type = random.nextBoolean()
                    ? Values.plain(
                            List.of("external", "EDIT", "Edit", "ed\u0131t", "hit", "newusers", "Special:Log/move")
                                    .get(random.nextInt(7)))
                    : values.strange();
        }
        times.recentChange(draft, text, odd());
        draft.put("id", Long.toString(1_000_000_000L + serial));
        draft.put("type", text.text(type.text()));
        draft.category("action", type.category());
        draft.category(
                "kind", List.of("edit", "new", "log", "categorize").contains(type.text()) ? type.text() : "other");
        namespaces.numbered(draft, odd());
        page(draft, "title");
        draft.put("comment", text.text("c" + serial));
        actor(draft, "bot", "is_bot");
        users.put(draft, text, odd());
        anonymousFlag(draft, odd());
        wiki(draft);
        draft.put("minor", "false").put("length", "{\"old\":" + random.nextInt(90_000) + ",\"new\":" + serial + "}");
        draft.put("revision", "{\"old\":" + serial + ",\"new\":" + (serial + 7) + "}");
        draft.put("server_name", text.text("en.wikipedia.org")).put("server_script_path", text.text("/w"));
        draft.put("parsedcomment", text.text("<span dir=\"auto\">c" + serial + "</span>"));
        return draft;
    }

    /** The four dialects: the IRC feeds' time, the EventStreams' time, node-wikimon, and the oldest with texts as sizes. */
    Draft wikimon() {
        Draft draft = new Draft();
        int dialect = random.nextInt(4);
        Wikimon story = Wikimon.values()[values.rank(Wikimon.values().length)];
        if (odd()) {
            story = Wikimon.ODD;
        }
        Value action = story == Wikimon.ODD ? oddAction() : Values.plain(story.action);
        draft.put("action", text.text(action.text()));
        draft.category("action", action.category());
        draft.category("kind", story.kind);
        if (dialect != 2) {
            draft.put("change_size", story.size ? (dialect == 3 ? "\"+42\"" : "42") : "null");
        }
        if (dialect == 0) {
            draft.put("flags", random.nextBoolean() ? "\"M\"" : "null");
        }
        actor(draft, "is_bot", "bot");
        draft.put("is_minor", "true");
        if (story.isNew != null || random.nextBoolean()) {
            draft.put("is_new", story.isNew == null ? "false" : story.isNew.toString());
        }
        draft.put("is_unpatrolled", "false");
        if (story.ns != null) {
            draft.put("ns", text.text(story.ns));
            draft.category("namespace", story.ns);
        } else if (dialect == 2) {
            draft.put("ns", "\"\"");
            draft.category("namespace", Values.UNKNOWN);
        } else {
            namespaces.named(draft, odd(), story == Wikimon.CATEGORY_EDIT);
        }
        if (story.title != null) {
            draft.put("page_title", text.text(story.title));
            draft.category("page", story.title);
        } else {
            page(draft, "page_title");
        }
        revisions(draft, story);
        draft.put("summary", text.text("s" + serial));
        draft.put("url", dialect == 2 ? "null" : text.text("https://en.wikipedia.org/w/index.php?diff=" + serial));
        users.put(draft, text, odd());
        anonymousFlag(draft, random.nextInt(4) > 0);
        wiki(draft, odd());
        times.wikimon(draft, text, odd());
        return draft;
    }

    private void revisions(Draft draft, Wikimon story) {
        if (story.revisions == Revisions.BOTH) {
            draft.put("rev_id", random.nextBoolean() ? "\"" + serial + "\"" : Long.toString(serial));
            draft.put("parent_rev_id", "\"" + (serial + 1) + "\"");
        } else if (story.revisions == Revisions.ONE) {
            boolean first = random.nextBoolean();
            draft.put(first ? "rev_id" : "parent_rev_id", "\"" + serial + "\"");
            draft.put(first ? "parent_rev_id" : "rev_id", "null");
        } else {
            if (random.nextBoolean()) {
                draft.put("rev_id", "null");
            }
            if (random.nextBoolean()) {
                draft.put("parent_rev_id", "null");
            }
        }
    }

    private enum Revisions {
        BOTH,
        ONE,
        NONE
    }

    /** What wikimon tells of, by its wording. Frequent ones first. */
    private enum Wikimon {
        EDIT("edit", "edit", null, null, null, Revisions.BOTH, true),
        NEW_PAGE("new", "new", null, null, null, Revisions.ONE, false),
        NEW_PAGE_OLDER("edit", "new", true, null, null, Revisions.BOTH, true),
        CATEGORIZE("edit", "categorize", null, "Category", null, Revisions.NONE, false),
        CATEGORY_EDIT("edit", "edit", null, null, null, Revisions.ONE, true),
        LOG_OLDER("create", "log", null, "Special", "Special:Log/newusers", Revisions.NONE, false),
        HIT("hit", "log", null, "Special", "Special:Log/abusefilter", Revisions.NONE, false),
        LOG_NEWER("Special:Log/newusers", "log", null, "User", null, Revisions.NONE, false),
        LOG_ANY("Special:Log/", "log", null, null, null, Revisions.NONE, false),
        NEW_USERS("newusers", "log", null, null, null, Revisions.NONE, false),
        EDIT_IN_LOG("edit", "log", null, "Special", "Special:Log/delete", Revisions.NONE, false),
        NEW_IN_LOG("new", "new", null, "Special", "Special:Log/delete", Revisions.NONE, false),
        NEW_CATEGORY("edit", "new", true, "Category", null, Revisions.NONE, false),
        SPECIAL_EDIT("edit", "edit", null, "Special", "Special:Logbook", Revisions.NONE, false),
        NOT_SPECIAL("hit", "other", null, "Main", "Special:Log/abusefilter", Revisions.NONE, false),
        LOWER_SPECIAL("hit", "other", null, "Special", "special:log/abusefilter", Revisions.NONE, false),
        ODD("", "other", null, null, null, Revisions.BOTH, true);

        private final String action;
        private final String kind;
        private final Boolean isNew;
        private final String ns;
        private final String title;
        private final Revisions revisions;
        private final boolean size;

        Wikimon(String action, String kind, Boolean isNew, String ns, String title, Revisions revisions, boolean size) {
            this.action = action;
            this.kind = kind;
            this.isNew = isNew;
            this.ns = ns;
            this.title = title;
            this.revisions = revisions;
            this.size = size;
        }
    }

    private Value oddAction() {
        return random.nextBoolean()
                ? Values.plain(
                        List.of("EDIT", "New", "NEWUSERS", "special:Log/newusers", "Special:Log", "move", "ed\u0131t")
                                .get(random.nextInt(7)))
                : values.strange();
    }

    private void actor(Draft draft, String usual, String other) {
        boolean bot = random.nextInt(4) == 0;
        draft.category("actor", bot ? "bot" : "human");
        if (!odd()) {
            draft.put(usual, Boolean.toString(bot));
            return;
        }
        switch (random.nextInt(4)) {
            case 0 -> {
                draft.put("bot", Boolean.toString(bot)).put("is_bot", Boolean.toString(!bot));
            }
            case 1 -> draft.put(usual, "null").put(other, Boolean.toString(bot));
            case 2 -> {
                draft.put("bot", "null").put("is_bot", "null");
                draft.category("actor", Values.UNKNOWN);
            }
            default -> draft.category("actor", Values.UNKNOWN);
        }
    }

    /** {@code is_anon}, which decides for those that are neither hidden nor temporary. */
    private void anonymousFlag(Draft draft, boolean wanted) {
        if (!wanted) {
            return;
        }
        String login = draft.categories.get("login");
        int luck = random.nextInt(10);
        if (luck == 0) {
            draft.put("is_anon", "null");
            return;
        }
        boolean anonymous = luck < 3 ? random.nextBoolean() : login.equals("anonymous");
        draft.put("is_anon", Boolean.toString(anonymous));
        if (login.equals("anonymous") || login.equals("loggedin")) {
            draft.category("login", anonymous ? "anonymous" : "loggedin");
        }
    }

    private void page(Draft draft, String field) {
        Value title = odd()
                ? values.strange()
                : Values.plain(String.format(Locale.ROOT, "Page %d: a \u201ctale\u201d", values.rank(20_000)));
        draft.category("page", title.category());
        if (title.text().isEmpty() && random.nextBoolean()) {
            if (random.nextBoolean()) {
                draft.put(field, "null");
            }
            return;
        }
        draft.put(field, text.text(title.text()));
        if (field.equals("title") && !title.text().isEmpty() && odd()) {
            draft.put("page_title", text.text("not the page"));
        }
    }

    private void wiki(Draft draft) {
        Value wiki = odd() ? values.strange() : Values.plain(WIKIS.get(values.rank(WIKIS.size())));
        draft.put("wiki", text.text(wiki.text()));
        draft.category("wiki", wiki.category());
    }

    private void wiki(Draft draft, boolean wanted) {
        draft.category("wiki", Values.UNKNOWN);
        if (wanted && random.nextBoolean()) {
            draft.put("wiki", "null");
        } else if (wanted) {
            wiki(draft);
        }
    }

    /** What nobody reads may be anything that JSON allows. */
    private void unreadOddities(Draft draft) {
        switch (random.nextInt(8)) {
            case 0 -> draft.put("comment", "\"again\"").put("comment", "17");
            case 1 -> draft.put("deep", "[".repeat(990) + "{}" + "]".repeat(990));
            case 2 -> draft.put("deepest", "[".repeat(999) + "]".repeat(999));
            case 3 -> draft.put("half", "\"\\ud83c alone\"");
            case 4 -> draft.put("numbers", "[-0, 1e400, 0.1e-7, 123456789012345678901234567890, -1E+2]");
            case 5 -> draft.put("inner", "{\"user\":\"x\",\"user\":5,\"meta\":{\"domain\":\"canary\"},\"type\":[]}");
            case 6 -> draft.put("", "\"\"").put("\0\"\\u0000\"", "null");
            default -> draft.put("USER", "5").put("user ", "6").put("Type", "7");
        }
    }

    /** Members of {@code /meta} around those that are read. */
    static List<Member> meta(JsonText text, SplittableRandom random, long serial) {
        List<Member> meta = new ArrayList<>();
        meta.add(new Member("id", text.text(new java.util.UUID(random.nextLong(), serial).toString())));
        meta.add(new Member("stream", text.text("mediawiki.recentchange")));
        meta.add(new Member("partition", "0"));
        meta.add(new Member("offset", Long.toString(serial)));
        return meta;
    }
}
