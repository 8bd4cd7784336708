package io.tidemark.cut;

import static io.tidemark.commit.RedisConnection.bytes;
import static io.tidemark.commit.RedisConnection.text;

import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.Script;
import io.tidemark.commit.StreamKeys;
import io.tidemark.stream.Dimension;
import io.tidemark.stream.StreamConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Reads counts together with their marks: one round trip, once the configuration that they were made with is known. May
 * be used by several threads.
 */
public final class CutReader {
    static final Script READ = Script.load(CutReader.class, "read.lua");

    private static final String[] COMMIT = {"store", "version", "committed-at", "writer", "configuration-id"};

    /** A stream that is started over again and again while it is read is no stream to read. */
    private static final int MOST_TRIES = 5;

    private final RedisConnection redis;
    private final Function<String, StreamConfig> stored;
    private final Script read;
    private final Clock clock;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /** Where names that are aliases led when they were last asked by; the script says when that is over. */
    private final Map<String, String> leads = new ConcurrentHashMap<>();

    /** How far Redis's clock is ahead of ours, as last seen. */
    private volatile Duration ahead = Duration.ZERO;

    private record Known(String id, StreamConfig config) {}

    /** What to read of a stream. */
    public interface Wishing {
        /**
         * @param config of the stream
         * @param now what time it is by Redis's clock, or will be, within a second
         */
        Wish of(StreamConfig config, Instant now);
    }

    /**
     * @param redis stays the caller's to close
     * @param stored makes a configuration of the text that is stored beside the counts
     */
    public CutReader(RedisConnection redis, Function<String, StreamConfig> stored) {
        this(redis, stored, READ, Clock.systemUTC());
    }

    /**
     * @param read the script, or a changed one to see that a missing guard is noticed
     * @param clock may be wrong
     */
    CutReader(RedisConnection redis, Function<String, StreamConfig> stored, Script read, Clock clock) {
        this.redis = redis;
        this.stored = stored;
        this.read = read;
        this.clock = clock;
    }

    /**
     * What tells the last commit of a stream from all others. The version alone would not: when Redis loses writes it
     * falls and is used again.
     *
     * @return empty when the stream has none
     * @throws io.tidemark.commit.StoreUnavailableException when Redis is away
     * @throws io.tidemark.stream.RefusedException when the user may not ask
     */
    public Optional<String> commit(String stream) {
        String main = new StreamKeys(stream).main();
        List<String> fields = redis.call(client -> client.hmget(main, COMMIT));
        return fields.contains(null) ? Optional.empty() : Optional.of(String.join(" ", fields));
    }

    /**
     * What Redis's INFO says of its memory.
     *
     * @throws io.tidemark.commit.StoreUnavailableException when it is away
     * @throws io.tidemark.stream.RefusedException when the user may not ask
     */
    public String memory() {
        return redis.call(client -> client.info("memory"));
    }

    /**
     * Reads one cut.
     *
     * @param name of the stream, or an alias, which wins where it is both: followed in the same step in which it is read
     * @param wishing says what is wanted of a stream with this configuration; what it throws is thrown
     * @throws NotInitialisedException when the stream is not there
     * @throws InconsistentException when what is there does not agree
     * @throws io.tidemark.commit.StoreUnavailableException when trying again is right
     * @throws io.tidemark.stream.RefusedException {@code unknown-format}, {@code not-permitted} and the like
     */
    public Reading read(String name, Wishing wishing) {
        for (int i = 0; i < MOST_TRIES; i++) {
            String stream = leads.getOrDefault(name, name);
            Known assumed = known.get(stream);
            Instant now = clock.instant().plus(ahead);
            Wish wish = Wish.totals(List.of());
            RuntimeException notWanted = null;
            if (assumed != null) {
                try {
                    wish = wishing.of(assumed.config(), now);
                } catch (RuntimeException mayBeOutdated) {
                    notWanted = mayBeOutdated;
                }
            }
            List<?> reply = ask(name, stream, assumed, wish, now);
            if (reply.isEmpty()) {
                throw new NotInitialisedException(stream);
            }
            switch (text(reply.get(0))) {
                case "leads" -> leads.put(name, text(reply.get(1)));
                case "left-over" ->
                    throw new InconsistentException(stream, "there are counts, but the key with their marks is lost");
                case "configuration" -> learn(stream, text(reply.get(1)), text(reply.get(2)));
                case "time" -> ahead = Duration.between(clock.instant(), new ReplyReader(stream, null).time(reply));
                default -> {
                    if (notWanted != null) {
                        throw notWanted;
                    }
                    return new ReplyReader(stream, assumed.config()).reading(reply, wish);
                }
            }
        }
        throw new InconsistentException(name, "its configuration changes faster than it can be read");
    }

    private List<?> ask(String name, String stream, Known assumed, Wish wish, Instant now) {
        StreamKeys keys = new StreamKeys(stream);
        List<byte[]> names = new ArrayList<>();
        List.of(keys.main(), keys.accounts(), keys.rejected(), keys.health(), keys.buckets(), StreamKeys.ALIASES)
                .forEach(k -> names.add(bytes(k)));
        List<String> arguments = new ArrayList<>();
        arguments.add(assumed == null ? "" : assumed.id());
        arguments.add(wish.isTimed() ? Long.toString(now.toEpochMilli()) : "");
        arguments.addAll(List.of(name, stream));
        wish.totals().forEach(total -> arguments.addAll(List.of("total", total.name(), kind(total))));
        for (Span span : wish.spans()) {
            arguments.addAll(List.of(
                    "span",
                    span.dimension().name(),
                    kind(span.dimension()),
                    span.size().label()));
            arguments.addAll(List.of(Long.toString(span.from()), Long.toString(span.to())));
            arguments.add(Integer.toString(span.categories().size()));
            arguments.addAll(span.categories());
        }
        for (Ranking ranking : wish.rankings()) {
            arguments.addAll(List.of("ranking", ranking.dimension().name()));
            arguments.add(ranking.size() == null ? "total" : ranking.size().label());
            arguments.addAll(List.of(Long.toString(ranking.from()), Long.toString(ranking.to())));
            arguments.add(Integer.toString(ranking.most()));
        }
        return (List<?>) redis.eval(
                read, names, arguments.stream().map(RedisConnection::bytes).toList());
    }

    private static String kind(Dimension dimension) {
        return dimension.ranked() ? "z" : "h";
    }

    private void learn(String stream, String id, String configuration) {
        if (id.isEmpty() || configuration.isEmpty()) {
            throw new InconsistentException(stream, "its configuration is lost");
        }
        known.put(stream, new Known(id, stored.apply(configuration)));
    }
}
