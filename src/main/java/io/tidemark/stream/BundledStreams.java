package io.tidemark.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The configurations that come with Tidemark. */
public final class BundledStreams {
    private BundledStreams() {}

    /** Stream {@code wiki}: edits of Wikipedia, in recentchange's and in wikimon's format. */
    public static StreamConfig wikipedia() {
        return StreamConfigReader.stored(text("wikipedia.yaml"));
    }

    private static String text(String name) {
        try (InputStream in = BundledStreams.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(
                        "the configuration " + name + " is not in Tidemark's jar beside " + BundledStreams.class);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the bundled configuration " + name, e);
        }
    }
}
