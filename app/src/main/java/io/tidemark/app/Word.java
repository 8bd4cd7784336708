package io.tidemark.app;

/** Words of a question, as docs/questions.md has them: what stands between double quotes is one, whatever it holds. */
final class Word {
    private Word() {}

    /**
     * A category was one argument on the command line: it stays one word, with its blanks and quotes. What begins with a
     * quote is in words already, and what begins with a brace is JSON.
     */
    static String ofArgument(String argument) {
        boolean isCategory = argument.indexOf(':') > 0 && !argument.startsWith("{") && !argument.startsWith("\"");
        return isCategory ? of(argument) : argument;
    }

    /** This text as one word. */
    static String of(String text) {
        boolean isPlain = text.chars().noneMatch(c -> Character.isWhitespace(c) || c == '"');
        return isPlain ? text : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
