package io.tidemark.cut;

import io.tidemark.commit.StreamKeys;
import io.tidemark.stream.Dimension;
import io.tidemark.stream.Shard;
import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.CountKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;

/** Reads a cut from a Redis that is a model: the reply that the script would give, through the real reader's checks. */
public final class ModelCut {
    private ModelCut() {}

    /**
     * @param contents of Redis: a key's fields or members and their values; none without the key
     * @param now Redis's clock, in Unix milliseconds
     * @throws NotInitialisedException when the stream is not there, or a shard of it
     * @throws InconsistentException when what is there does not agree
     */
    public static Reading read(StreamConfig config, Function<String, SortedMap<String, String>> contents, long now) {
        List<JoinedReading.Part> parts = Shard.of(config).stream()
                .map(shard -> part(shard, contents, now))
                .toList();
        return parts.size() == 1 ? parts.get(0).reading() : JoinedReading.of(config.name(), parts, Map.of());
    }

    private static JoinedReading.Part part(
            Shard shard, Function<String, SortedMap<String, String>> contents, long now) {
        StreamConfig config = shard.config();
        StreamKeys keys = new StreamKeys(shard.name());
        SortedMap<String, String> main = contents.apply(keys.main());
        if (main.isEmpty()) {
            if (!contents.apply(keys.accounts()).isEmpty()) {
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
        reply.add(pairs(contents.apply(keys.accounts())));
        reply.add(pairs(contents.apply(keys.rejected())));
        reply.add(List.of());
        for (Dimension dimension : dimensions) {
            reply.add(pairs(contents.apply(keys.count(CountKey.total(dimension.name())))));
        }
        return new ReplyReader(shard.name(), config).part(reply, Wish.totals(dimensions));
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
