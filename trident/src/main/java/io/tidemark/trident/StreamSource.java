package io.tidemark.trident;

import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import java.io.Serializable;

/**
 * A stream as it travels with the topology: its configuration as text, which each task reads again.
 *
 * @param name of the stream
 * @param text complete, contents of its lookup files included
 */
record StreamSource(String name, String text) implements Serializable {
    private static final long serialVersionUID = 1L;

    static StreamSource of(StreamConfig config) {
        return new StreamSource(config.name(), config.text());
    }

    StreamConfig config() {
        return StreamConfigReader.stored(text);
    }
}
