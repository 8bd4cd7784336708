package io.tidemark.app.show;

import java.io.Console;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** What standard output is connected to, and what may be written there. */
public final class Terminal {
    private Terminal() {}

    /** Whether somebody looks at standard output, rather than a file or a pipe taking it. */
    public static boolean isThere() {
        return isTerminal("/proc/self/fd/1");
    }

    /** Whether standard error goes to a terminal. */
    public static boolean isThereForErrors() {
        return isTerminal("/proc/self/fd/2");
    }

    private static boolean isTerminal(String descriptor) {
        Path link = Path.of(descriptor);
        if (Files.isSymbolicLink(link)) {
            try {
                String target = Files.readSymbolicLink(link).toString();
                return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + link, e);
            }
        }
        return hasConsole();
    }

    private static boolean hasConsole() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // From Java 22 on there is always a console, which says itself whether it is one.
            return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("the console does not say whether it is a terminal", e);
        }
    }

    /** Whether colours and other attributes may be used: on a terminal, unless {@code NO_COLOR} is set. */
    public static boolean hasColour() {
        String noColour = System.getenv("NO_COLOR");
        return isThere() && (noColour == null || noColour.isEmpty()) && !"dumb".equals(System.getenv("TERM"));
    }

    /** Whether lines can be written over: on a terminal that is not dumb. */
    public static boolean canRedraw() {
        return isThere() && !"dumb".equals(System.getenv("TERM"));
    }

    /** Text with everything made visible that a terminal would obey or hide: control and format characters. */
    public static String harmless(String text) {
        StringBuilder out = null;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (isHarmful(c)) {
                if (out == null) {
                    out = new StringBuilder(text.length() + 16).append(text, 0, i);
                }
                out.append(String.format(c > 0xffff ? "\\u{%x}" : "\\u%04x", c));
            } else if (out != null) {
                out.appendCodePoint(c);
            }
            i += Character.charCount(c);
        }
        return out == null ? text : out.toString();
    }

    /** The same for JSON, which stays JSON: only strings hold such characters, and there they may be escaped. */
    public static String harmlessJson(String json) {
        StringBuilder out = new StringBuilder(json.length());
        json.codePoints().forEach(c -> {
            if (isHarmful(c)) {
                for (char unit : Character.toChars(c)) {
                    out.append(String.format("\\u%04x", (int) unit));
                }
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.toString();
    }

    /** JSON as it may go to standard output: harmless on a terminal, exactly as it is elsewhere. */
    public static String shownJson(String json) {
        return isThere() ? harmlessJson(json) : json;
    }

    /** Text of several lines, which stay lines, made harmless likewise. */
    public static String harmlessLines(String text) {
        return text.lines().map(Terminal::harmless).collect(Collectors.joining("\n"));
    }

    private static boolean isHarmful(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
