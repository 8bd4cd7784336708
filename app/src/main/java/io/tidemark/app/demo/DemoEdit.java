package io.tidemark.app.demo;

/**
 * One thing that happened on a wiki, before it is written in one format or the other.
 *
 * @param wiki where
 * @param kind what: {@code edit}, {@code new}, {@code log} or {@code categorize}
 * @param user who; empty when the name is hidden
 * @param account what kind of user
 * @param bot whether a bot's work
 * @param minor whether marked as minor
 * @param namespace number of the page's namespace
 * @param title of the page, with its namespace's prefix; of a log entry, the page that it concerns
 * @param log which log, {@code newusers}; empty when it is none
 * @param comment of the user
 * @param lengthBefore bytes of the page before
 * @param lengthAfter bytes of the page after
 */
record DemoEdit(
        DemoWiki wiki,
        String kind,
        String user,
        Account account,
        boolean bot,
        boolean minor,
        int namespace,
        String title,
        String log,
        String comment,
        int lengthBefore,
        int lengthAfter) {
    enum Account {
        REGISTERED,
        ANONYMOUS,
        TEMPORARY,
        HIDDEN
    }

    /** Its namespace as wikimon writes it. */
    String namespaceName() {
        return switch (namespace) {
            case 0 -> "Main";
            case 1 -> "Talk";
            case 2 -> "User";
            case 3 -> "User talk";
            case 4 -> "Wikipedia";
            case 6 -> "File";
            case 10 -> "Template";
            case 14 -> "Category";
            case 118 -> "Draft";
            default -> throw new IllegalStateException("no page of the demo lies in namespace " + namespace);
        };
    }
}
