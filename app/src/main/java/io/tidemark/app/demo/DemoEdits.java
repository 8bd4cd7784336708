package io.tidemark.app.demo;

import io.tidemark.app.demo.DemoEdit.Account;
import java.util.Locale;
import java.util.SplittableRandom;

/** What happens on the demo's wikis: who edits what. Popularity falls like one over the rank. */
final class DemoEdits {
    private static final int PEOPLE = 30_000;
    private static final int BOTS = 60;
    private static final int PAGES = 200_000;
    private static final String[] LOGS = {"newusers", "upload", "delete", "move", "block", "thanks", "protect"};
    private static final String[] COMMENTS = {
        "copy edit",
        "",
        "added a reference",
        "fixed a link",
        "/* History */ new section",
        "reverted to the last good version",
        "typo",
        "updated the figures",
        "→ see the talk page",
        "wording, \"as cited\" & <small>sorted</small>"
    };

    private final SplittableRandom random;

    DemoEdits(SplittableRandom random) {
        this.random = random;
    }

    DemoEdit next() {
        DemoWiki wiki = DemoWiki.at(random.nextDouble());
        boolean bot = random.nextInt(100) < (wiki == DemoWiki.DATA ? 60 : 22);
        Account account = bot ? Account.REGISTERED : account();
        return edit(wiki, bot, account, user(wiki, bot, account), page(wiki));
    }

    /** The next of a series by one user, on one page after the other. */
    DemoEdit bySame(DemoEdit before) {
        return edit(before.wiki(), before.bot(), before.account(), before.user(), page(before.wiki()));
    }

    /** The next of many that edit the same page. */
    DemoEdit onSame(DemoEdit before) {
        Account account = account();
        return edit(
                before.wiki(),
                false,
                account,
                user(before.wiki(), false, account),
                new Page(before.namespace(), before.title()));
    }

    private DemoEdit edit(DemoWiki wiki, boolean bot, Account account, String user, Page page) {
        String kind = kind(wiki);
        String log = kind.equals("log") ? LOGS[rank(LOGS.length)] : "";
        Page subject = log.equals("newusers")
                ? new Page(2, "User:" + user)
                : kind.equals("categorize") ? new Page(14, "Category:" + plain(page)) : page;
        int before = kind.equals("new") ? 0 : 200 + (int) Math.exp(random.nextDouble() * 11);
        int after = Math.max(20, before + (int) Math.round(random.nextDouble() * random.nextDouble() * 900 - 120));
        String comment = log.equals("newusers") ? "New user account" : COMMENTS[random.nextInt(COMMENTS.length)];
        boolean minor = kind.equals("edit") && random.nextInt(4) == 0;
        return new DemoEdit(
                wiki, kind, user, account, bot, minor, subject.namespace, subject.title, log, comment, before, after);
    }

    private String kind(DemoWiki wiki) {
        int luck = random.nextInt(100);
        if (wiki == DemoWiki.COMMONS && luck < 30) {
            return "categorize";
        }
        return luck < 72 ? "edit" : luck < 86 ? "categorize" : luck < 94 ? "log" : "new";
    }

    private Account account() {
        int luck = random.nextInt(1_000);
        return luck < 860
                ? Account.REGISTERED
                : luck < 950 ? Account.TEMPORARY : luck < 995 ? Account.ANONYMOUS : Account.HIDDEN;
    }

    private String user(DemoWiki wiki, boolean bot, Account account) {
        return switch (account) {
            case HIDDEN -> "";
            case TEMPORARY -> "~2026-" + (10_000 + rank(80_000));
            case ANONYMOUS -> address(rank(1_500));
            case REGISTERED -> bot ? bot(rank(BOTS)) : person(wiki, rank(PEOPLE));
        };
    }

    /** Addresses that are kept for documentation (RFC 5737, RFC 3849), so that they belong to nobody. */
    private static String address(int number) {
        int low = number & 0xff;
        return switch (number % 4) {
            case 0 -> "192.0.2." + low;
            case 1 -> "198.51.100." + low;
            case 2 -> "203.0.113." + low;
            default -> String.format(Locale.ROOT, "2001:DB8:%X:0:0:0:0:%X", number, low);
        };
    }

    private static String bot(int number) {
        return DemoWiki.Script.LATIN.word(number * 31 + 700) + "Bot";
    }

    private static String person(DemoWiki wiki, int number) {
        String word = wiki.script().word(number + 40);
        return switch (number % 3) {
            case 0 -> word + " " + (1 + number % 97);
            case 1 -> word + " of " + DemoWiki.Script.LATIN.word(number % 600);
            default -> word + number % 1_000;
        };
    }

    private Page page(DemoWiki wiki) {
        int number = rank(PAGES);
        if (wiki == DemoWiki.DATA) {
            return new Page(0, "Q9" + (100_000_000 + number));
        }
        String word = wiki.script().word(number);
        if (wiki == DemoWiki.COMMONS) {
            return new Page(6, "File:" + word + " " + number % 100 + ".jpg");
        }
        String title = switch (number % 7) {
            case 0 -> word;
            case 1 -> word + " railway station";
            case 2 -> "History of " + word;
            case 3 -> (1_900 + number % 126) + " " + word + " Open";
            case 4 -> "List of lighthouses in " + word;
            case 5 -> word + " (river)";
            default -> word + ": A Novel";
        };
        int luck = number % 100;
        return luck < 70
                ? new Page(0, title)
                : luck < 80
                        ? new Page(1, "Talk:" + title)
                        : luck < 88
                                ? new Page(3, "User talk:" + person(wiki, number % PEOPLE))
                                : luck < 93
                                        ? new Page(4, "Wikipedia:" + title)
                                        : luck < 97
                                                ? new Page(10, "Template:" + word)
                                                : new Page(118, "Draft:" + title);
    }

    private static String plain(Page page) {
        return page.title.substring(page.title.indexOf(':') + 1).strip();
    }

    /** A number in [0, n), each about in inverse proportion to its rank. */
    private int rank(int n) {
        return (int) Math.exp(random.nextDouble() * Math.log(n + 1.0)) - 1;
    }

    private record Page(int namespace, String title) {}
}
