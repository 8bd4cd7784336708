package io.tidemark.cut;

import io.tidemark.commit.StreamKeys;
import io.tidemark.stream.Dimension;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.CountKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads a cut from a Redis that is a model: the reply that the script would give, through the real reader's checks. */
public final class ModelCut {
    private ModelCut() {}

    /**
     * @param contents of Redis: by key, fields or members and their values
     * @param now Redis's clock, in Unix milliseconds
     * @throws NotInitialisedException when the stream is not there
     * @throws InconsistentException when what is there does not agree
     */
    public static Reading read(
            StreamConfig config, Map<String, ? extends SortedMap<String, String>> contents, long now) {
        StreamKeys keys = new StreamKeys(config.name());
        SortedMap<String, String> none = new TreeMap<>();
        SortedMap<String, String> main = of(contents, keys.main(), none);
        if (main.isEmpty()) {
            if (contents.containsKey(keys.accounts())) {
                throw new InconsistentException(
                        config.name(), "there are counts, but the key with their marks is lost");
            }
            throw new NotInitialisedException(config.name());
        }
        List<Dimension> dimensions =
                config.dimensions().stream().filter(Dimension::total).toList();
        List<Object> reply = new ArrayList<>();
        reply.add(bytes("cut"));
        reply.add(bytes(Long.toString(now / 1_000)));
        reply.add(bytes(Long.toString(now % 1_000 * 1_000)));
        reply.add(pairs(main));
        reply.add(pairs(of(contents, keys.accounts(), none)));
        reply.add(pairs(of(contents, keys.rejected(), none)));
        reply.add(pairs(none));
        for (Dimension dimension : dimensions) {
            reply.add(pairs(of(contents, keys.count(CountKey.total(dimension.name())), none)));
        }
        return new ReplyReader(config.name(), config).reading(reply, dimensions);
    }

    private static SortedMap<String, String> of(
            Map<String, ? extends SortedMap<String, String>> contents, String key, SortedMap<String, String> none) {
        SortedMap<String, String> found = contents.get(key);
        return found == null ? none : found;
    }

    private static List<byte[]> pairs(SortedMap<String, String> fields) {
        List<byte[]> pairs = new ArrayList<>();
        fields.forEach((name, value) -> {
            if (!name.equals("configuration")) {
                pairs.add(bytes(name));
                pairs.add(bytes(value));
            }
        });
        return pairs;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
