package io.tidemark.app.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.app.demo.DemoEdit.Account;
import java.util.SplittableRandom;

/**
 * Edits as wikimon writes them: the older wording (from the time of the IRC feeds: page creations are edits that are
 * new, revision ids stand the other way round, logs lie in {@code Special}) and the newer one.
 */
final class WikimonLines {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SplittableRandom random;
    private long revision = 600_000_000L;

    WikimonLines(SplittableRandom random) {
        this.random = random;
    }

    String line(DemoEdit edit) {
        boolean older = random.nextInt(3) == 0;
        // The older feeds told nothing of categories.
        return (older && !edit.kind().equals("categorize") ? older(edit) : newer(edit)).toString();
    }

    private ObjectNode older(DemoEdit edit) {
        boolean log = edit.kind().equals("log");
        ObjectNode event = JSON.createObjectNode();
        event.put("action", log ? (edit.log().equals("newusers") ? "create" : edit.log()) : "edit");
        change(event, edit, log);
        event.put("flags", edit.minor() ? "M" : edit.kind().equals("new") ? "N" : null);
        flags(event, edit, edit.kind().equals("new"));
        event.put("ns", log ? "Special" : edit.namespaceName())
                .put("page_title", log ? "Special:Log/" + edit.log() : edit.title());
        if (!log) {
            long old = revision++;
            event.put("parent_rev_id", Long.toString(revision)).put("rev_id", Long.toString(old));
            event.put("url", url(edit, old));
        }
        return ending(event, edit);
    }

    private ObjectNode newer(DemoEdit edit) {
        boolean log = edit.kind().equals("log");
        boolean isNew = edit.kind().equals("new");
        ObjectNode event = JSON.createObjectNode();
        event.put("action", log ? "Special:Log/" + edit.log() : isNew ? "new" : "edit");
        boolean hasRevision = edit.kind().equals("edit");
        change(event, edit, !hasRevision);
        flags(event, edit, isNew);
        event.put("ns", edit.namespaceName()).put("page_title", edit.title());
        if (hasRevision) {
            long old = revision++;
            event.put("parent_rev_id", Long.toString(old)).put("rev_id", Long.toString(revision));
            event.put("url", url(edit, old));
        } else {
            event.putNull("parent_rev_id");
            event.put("rev_id", isNew ? Long.toString(revision++) : null);
            event.put("url", log ? edit.log() + "/" + edit.log() : "");
        }
        return ending(event, edit);
    }

    private static void change(ObjectNode event, DemoEdit edit, boolean unknown) {
        if (unknown) {
            event.putNull("change_size");
        } else {
            event.put("change_size", edit.lengthAfter() - edit.lengthBefore());
        }
    }

    private static void flags(ObjectNode event, DemoEdit edit, boolean isNew) {
        event.put("is_anon", edit.account() == Account.ANONYMOUS)
                .put("is_bot", edit.bot())
                .put("is_minor", edit.minor())
                .put("is_new", isNew)
                .put("is_unpatrolled", false);
    }

    private ObjectNode ending(ObjectNode event, DemoEdit edit) {
        event.put("summary", edit.comment());
        event.put("user", edit.account() == Account.HIDDEN ? null : edit.user());
        return event;
    }

    private String url(DemoEdit edit, long old) {
        return "https://" + edit.wiki().host() + "/w/index.php?diff=" + revision + "&oldid=" + old;
    }
}
