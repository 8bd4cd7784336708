package io.tidemark.cut;

import static io.tidemark.commit.RedisConnection.bytes;
import static io.tidemark.commit.RedisConnection.text;

import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.Script;
import io.tidemark.commit.ShardNames;
import io.tidemark.commit.StreamAliases;
import io.tidemark.commit.StreamKeys;
import io.tidemark.stream.Dimension;
import io.tidemark.stream.Shard;
import io.tidemark.stream.StreamConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Reads counts together with their marks: one round trip, once the configuration that they were made with is known. May
 * be used by several threads.
 */
public final class CutReader {
    static final Script READ = Script.load(CutReader.class, "read.lua");

    private static final String[] COMMIT = {"store", "version", "committed-at", "writer", "configuration-id"};

    /** Questions to all shards until a ranking is certain, or is said not to be. */
    private static final int MOST_ROUNDS = 4;

    private static final int GROWTH = 8;

    /** Categories that one shard is asked to rank. */
    private static final int MOST_RANKED = 20_000;

    /** A stream that is started over again and again while it is read is no stream to read. */
    private static final int MOST_TRIES = 8;

    private final RedisConnection redis;
    private final StreamAliases aliases;
    private final Function<String, StreamConfig> stored;
    private final Script read;
    private final Clock clock;

    /** By the name of the shard. */
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /** How many shards a stream has, of those that were found to have several. */
    private final Map<String, Integer> shards = new ConcurrentHashMap<>();

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
        this.aliases = new StreamAliases(redis);
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
        int number = shards.getOrDefault(stream, 1);
        StringBuilder commits = new StringBuilder();
        for (int k = 0; k < number; k++) {
            String main = new StreamKeys(Shard.name(stream, number, k)).main();
            List<String> fields = redis.call(client -> client.hmget(main, COMMIT));
            if (fields.contains(null)) {
                return Optional.empty();
            }
            commits.append(k == 0 ? "" : " ").append(String.join(" ", fields));
        }
        return Optional.of(commits.toString());
    }

    /**
     * What Redis's INFO says of its memory, by the address of the server: of a cluster, of each master that answers.
     *
     * @throws io.tidemark.commit.StoreUnavailableException when it is away
     * @throws io.tidemark.stream.RefusedException when the user may not ask
     */
    public SortedMap<String, String> memory() {
        return redis.info("memory");
    }

    /**
     * Reads one cut. Of a stream with several shards, a cut of each, added up.
     *
     * @param name of the stream, or an alias, which wins where it is both: followed in the same step in which it is
     *     read, or, on a Redis Cluster, right before
     * @param wishing says what is wanted of a stream with this configuration; what it throws is thrown
     * @throws NotInitialisedException when the stream is not there, or a shard of it
     * @throws InconsistentException when what is there does not agree
     * @throws io.tidemark.commit.StoreUnavailableException when trying again is right
     * @throws io.tidemark.stream.RefusedException {@code unknown-format}, {@code not-permitted} and the like
     */
    public Reading read(String name, Wishing wishing) {
        for (int i = 0; i < MOST_TRIES; i++) {
            String stream = redis.isCluster() ? aliases.streamOf(name) : leads.getOrDefault(name, name);
            int number = shards.getOrDefault(stream, 1);
            Known assumed = known.get(Shard.name(stream, number, 0));
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
            Asking asking = new Asking(name, stream, number);
            Optional<Reading> reading = notWanted == null ? read(asking, wish, now) : readNothing(asking, wish, now);
            if (reading.isPresent()) {
                if (notWanted != null) {
                    throw notWanted;
                }
                return reading.get();
            }
        }
        throw new InconsistentException(name, "its configuration changes faster than it can be read");
    }

    /**
     * What is asked, and of whom.
     *
     * @param name that was asked by
     * @param stream that it is thought to lead to
     * @param number of shards that it is thought to have
     */
    private record Asking(String name, String stream, int number) {
        String shard(int k) {
            return Shard.name(stream, number, k);
        }
    }

    /** Empty when something was learned first that a question needs. */
    private Optional<Reading> read(Asking asking, Wish wish, Instant now) {
        Optional<List<JoinedReading.Part>> parts = parts(asking, wish, now);
        if (parts.isEmpty()) {
            return Optional.empty();
        }
        return asking.number() == 1 ? Optional.of(parts.get().get(0).reading()) : joined(asking, wish, parts.get());
    }

    private Optional<Reading> readNothing(Asking asking, Wish wish, Instant now) {
        return parts(asking, wish, now).map(parts -> parts.get(0).reading());
    }

    /**
     * What each shard says; empty when something was learned first that a question needs.
     *
     * @param now null when the time does not matter
     */
    private Optional<List<JoinedReading.Part>> parts(Asking asking, Wish wish, Instant now) {
        List<JoinedReading.Part> parts = new ArrayList<>();
        for (int k = 0; k < asking.number(); k++) {
            String shard = asking.shard(k);
            Known assumed = known.get(shard);
            // The clock that counts is that of the first: others would only differ.
            List<?> reply = ask(asking, shard, assumed, wish, k == 0 ? now : null);
            if (reply.isEmpty()) {
                if (isKeptOtherwise(asking) || leadsElsewhere(asking)) {
                    return Optional.empty();
                }
                throw new NotInitialisedException(asking.number() == 1 ? gone(shard) : shard);
            }
            switch (text(reply.get(0))) {
                case "leads" -> {
                    leads.put(asking.name(), text(reply.get(1)));
                    return Optional.empty();
                }
                case "left-over" ->
                    throw new InconsistentException(shard, "there are counts, but the key with their marks is lost");
                case "configuration" -> learn(shard, text(reply.get(1)), text(reply.get(2)));
                case "time" -> ahead = Duration.between(clock.instant(), new ReplyReader(shard, null).time(reply));
                default -> {
                    if (assumed.config().shards() != asking.number()) {
                        // Else shards that were added since would be left out.
                        shards.put(asking.stream(), assumed.config().shards());
                        return Optional.empty();
                    }
                    ReplyReader reader = new ReplyReader(shard, assumed.config());
                    parts.add(asking.number() == 1 ? reader.only(reply, wish) : reader.part(reply, wish));
                }
            }
        }
        return parts.size() == asking.number() ? Optional.of(parts) : Optional.empty();
    }

    /**
     * Whether the stream has another number of shards than was thought, as the first of several says where there is
     * one.
     */
    private boolean isKeptOtherwise(Asking asking) {
        String key = new StreamKeys(Shard.oneOfSeveral(asking.stream(), 0)).main();
        String configuration = redis.call(client -> client.hget(key, "configuration"));
        int found = configuration == null || configuration.isEmpty()
                ? 1
                : stored.apply(configuration).shards();
        if (found == asking.number()) {
            return false;
        }
        shards.put(asking.stream(), found);
        return true;
    }

    /**
     * What is gone of a stream that is not kept under its own name: the first of several shards, if another is there.
     */
    private String gone(String stream) {
        SortedSet<String> names = new ShardNames(redis).of(stream);
        names.remove(stream);
        boolean another =
                names.stream().anyMatch(name -> redis.call(client -> client.exists(new StreamKeys(name).main())));
        return another ? Shard.oneOfSeveral(stream, 0) : stream;
    }

    /**
     * Whether, on a Redis Cluster, the name leads to another stream since it was looked up; else the script says so.
     */
    private boolean leadsElsewhere(Asking asking) {
        return redis.isCluster() && !aliases.streamOf(asking.name()).equals(asking.stream());
    }

    /**
     * Rankings need more than the largest of each shard: what is large in one is asked of all, until that is enough.
     */
    private Optional<Reading> joined(Asking asking, Wish wish, List<JoinedReading.Part> firstParts) {
        List<JoinedReading.Part> parts = firstParts;
        List<Ranking> asked = wish.rankings();
        for (int round = 1; ; round++) {
            Map<Ranking, Ranked> ranked = new LinkedHashMap<>();
            List<Ranking> next = new ArrayList<>();
            boolean certain = true;
            for (int i = 0; i < asked.size(); i++) {
                Ranking ranking = asked.get(i);
                JoinedRanking joined = new JoinedRanking(
                        wish.rankings().get(i),
                        ranking,
                        parts.stream()
                                .map(part -> part.reading().rankings().get(ranking))
                                .toList());
                ranked.put(wish.rankings().get(i), joined.ranked());
                certain &= joined.isCertain();
                next.add(joined.next(Math.min(MOST_RANKED, GROWTH * ranking.most())));
            }
            if (certain || round == MOST_ROUNDS) {
                return Optional.of(JoinedReading.of(asking.stream(), parts, ranked));
            }
            Optional<List<JoinedReading.Part>> more = parts(asking, new Wish(wish.totals(), wish.spans(), next), null);
            if (more.isEmpty()) {
                return Optional.empty();
            }
            parts = more.get();
            asked = next;
        }
    }

    /** @param now null when the time does not matter */
    private List<?> ask(Asking asking, String shard, Known assumed, Wish wish, Instant now) {
        StreamKeys keys = new StreamKeys(shard);
        // Where the aliases may lie on another node the name was looked up before, and leads where it is thought to.
        String aliasesOrNothing = redis.isCluster() ? keys.nothing() : StreamKeys.ALIASES;
        String name = redis.isCluster() ? asking.stream() : asking.name();
        List<byte[]> names = new ArrayList<>();
        List.of(keys.main(), keys.accounts(), keys.rejected(), keys.health(), keys.buckets(), aliasesOrNothing)
                .forEach(k -> names.add(bytes(k)));
        List<String> arguments = new ArrayList<>();
        arguments.add(assumed == null ? "" : assumed.id());
        arguments.add(now != null && wish.isTimed() ? Long.toString(now.toEpochMilli()) : "");
        arguments.addAll(List.of(name, asking.stream()));
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
            arguments.add(Integer.toString(ranking.also().size()));
            arguments.addAll(ranking.also());
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
