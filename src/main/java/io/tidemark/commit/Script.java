package io.tidemark.commit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A Lua script that Redis runs as one step.
 *
 * @param text of the script
 * @param sha1 of the text in hex, by which Redis knows it once it has run
 */
public record Script(String text, String sha1) {
    private static final String WITH = "-- with ";

    public static Script of(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return new Script(text, HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-1", e);
        }
    }

    /**
     * Loads a script that lies beside a class. A first line {@code -- with OTHER} puts the text of another before it.
     *
     * @param beside a class of the package whose resource it is
     */
    public static Script load(Class<?> beside, String name) {
        return of(textOf(beside, name));
    }

    private static String textOf(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("script " + name + " is missing beside " + beside.getName());
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            if (!text.startsWith(WITH)) {
                return text;
            }
            String other = text.substring(WITH.length(), text.indexOf('\n')).strip();
            return textOf(Script.class, other) + text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
