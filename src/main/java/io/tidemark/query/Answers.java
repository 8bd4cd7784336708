package io.tidemark.query;

import io.tidemark.commit.RedisAddress;
import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.commit.StreamAliases;
import io.tidemark.cut.CutReader;
import io.tidemark.cut.InconsistentException;
import io.tidemark.cut.NotInitialisedException;
import io.tidemark.cut.Reading;
import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers questions about all streams of one Redis, each from one cut. Nothing is thrown: what cannot be answered is an
 * answer with an error. May be used by several threads; connects when it is first asked, and again after Redis was
 * away.
 */
public final class Answers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

    /** What can be asked. */
    public static final List<String> FUNCTIONS = List.of("counts", "trend", "top", "status", "ask");

    /** For so long, which streams there are is not asked again. */
    private static final Duration STREAMS_KNOWN = Duration.ofSeconds(1);

    private final RedisConnection redis;
    private final CutReader reader;
    private final StreamAliases aliases;
    private volatile KnownStreams knownStreams;

    private record KnownStreams(SortedSet<String> offered, long atNanos) {}

    /** Answers from the Redis at this address. */
    public Answers(RedisAddress address) {
        this(address, StreamConfigReader::stored);
    }

    /** @param stored makes a configuration of the text that is stored beside the counts */
    Answers(RedisAddress address, Function<String, StreamConfig> stored) {
        this(new RedisConnection(address), redis -> new CutReader(redis, stored));
    }

    /** @param redis is closed with this */
    Answers(RedisConnection redis, Function<RedisConnection, CutReader> reader) {
        this.redis = redis;
        this.reader = reader.apply(redis);
        this.aliases = new StreamAliases(redis);
    }

    /**
     * Answers a question, as docs/questions.md has them.
     *
     * @param function {@code counts}, {@code trend}, {@code top}, {@code status}, or {@code ask} for several at once
     * @param arguments words ({@code bot "namespace:User talk" stream=wiki}) or JSON ({@code {"stream": "wiki",
     *     "counts": ["bot"]}}); null is as good as empty
     * @return JSON: what was asked for, all of one cut, or an error
     */
    public String ask(String function, String arguments) {
        String stream = null;
        try {
            if (!FUNCTIONS.contains(function)) {
                throw new QueryException("unknown-function", "there is no function \"" + function + "\"", FUNCTIONS);
            }
            Question question = QuestionReader.read(function, arguments);
            stream = question.stream() == null ? theOnlyStream() : question.stream();
            return answer(function, arguments, question, stream);
        } catch (QueryException e) {
            return AnswerJson.error(stream, arguments, e.code(), e.getMessage(), e.known());
        } catch (NotInitialisedException e) {
            return notThere(stream, arguments, e);
        } catch (InconsistentException e) {
            return AnswerJson.error(stream, arguments, "inconsistent", e.getMessage(), List.of());
        } catch (StoreUnavailableException e) {
            return AnswerJson.error(stream, arguments, "store-unavailable", e.getMessage(), List.of());
        } catch (RefusedException e) {
            boolean foreign = e.refusal().code().equals("foreign-value");
            String code = foreign ? "inconsistent" : e.refusal().code();
            return AnswerJson.error(stream, arguments, code, e.refusal().message(), List.of());
        } catch (RuntimeException e) {
            // A mistake of ours must not take the caller's worker with it.
            LOG.error("no answer to {}", arguments, e);
            return AnswerJson.error(stream, arguments, "internal", "an error that nobody foresaw: " + e, List.of());
        }
    }

    private String answer(String function, String arguments, Question question, String stream) {
        AtomicReference<Asked> asked = new AtomicReference<>();
        Reading reading = reader.read(stream, (config, now) -> {
            asked.set(Asked.of(question, config, now));
            return asked.get().wish(config);
        });
        String missing = missing(question, reading);
        if (!missing.isEmpty()) {
            return AnswerJson.notYet(stream, arguments, reading, missing);
        }
        boolean onlyStatus = function.equals("status")
                && question.counts() == null
                && question.trends() == null
                && question.tops() == null;
        return AnswerJson.answer(
                stream, arguments, reading, asked.get(), question.status() ? memory() : null, onlyStatus);
    }

    /** What the cut that was asked for has and this one has not; empty when it has all of it. */
    private static String missing(Question question, Reading reading) {
        return question.atLeast().entrySet().stream()
                .filter(wanted -> reading.cut().offsets().getOrDefault(wanted.getKey(), 0L) < wanted.getValue())
                .map(wanted -> "partition " + wanted.getKey() + " is counted up to "
                        + reading.cut().offsets().getOrDefault(wanted.getKey(), 0L) + ", not yet to "
                        + wanted.getValue())
                .collect(Collectors.joining("; "));
    }

    /**
     * Says which commit was the last one of the stream that a question is about, with one small command: while this
     * stays the same, so do the stream's counts and the offsets that they are of.
     *
     * @return empty when that cannot be said now; asking says why
     */
    public Optional<String> commit(String function, String arguments) {
        try {
            Question question = QuestionReader.read(function, arguments);
            String stream = question.stream() == null ? theOnlyStream() : question.stream();
            return reader.commit(aliases.streamOf(stream)).map(commit -> stream + " " + commit);
        } catch (QueryException | StoreUnavailableException | RefusedException unanswerable) {
            return Optional.empty();
        }
    }

    /** {@link #ask} for counts. */
    public String counts(String arguments) {
        return ask("counts", arguments);
    }

    /**
     * {@link #ask} for how a stream fares: {@code state} ({@code running}, {@code idle}, {@code stalled}, {@code
     * refused}, {@code no-coordinator}) and {@code why}; {@code rejected} by reason; {@code lag} in events and {@code
     * lags} by partition, {@code lagSeconds}; {@code ratePerSecond} of the last whole minute, by the events' own times;
     * {@code components}; {@code first} and {@code end} offsets of the topic; {@code writer} of the last commit; {@code
     * coordinator}; {@code otherWriter} where a second one was seen; {@code capped}, the last count that had no room
     * for a category; {@code redis} memory in bytes.
     *
     * @param arguments {@code stream=wiki} or {@code {"stream": "wiki"}}; empty or null when there is one stream
     */
    public String status(String arguments) {
        return ask("status", arguments);
    }

    @Override
    public void close() {
        redis.close();
    }

    private String notThere(String stream, String arguments, NotInitialisedException e) {
        SortedSet<String> streams;
        try {
            streams = aliases.names().all();
        } catch (StoreUnavailableException | RefusedException gone) {
            return AnswerJson.error(stream, arguments, "store-unavailable", gone.getMessage(), List.of());
        }
        if (streams.contains(stream)) {
            return AnswerJson.error(stream, arguments, "not-initialised", e.getMessage(), List.of());
        }
        return AnswerJson.error(
                stream, arguments, "unknown-stream", "there is no stream \"" + stream + "\" in this Redis", streams);
    }

    private String theOnlyStream() {
        KnownStreams known = knownStreams;
        if (known == null || System.nanoTime() - known.atNanos() > STREAMS_KNOWN.toNanos()) {
            known = new KnownStreams(aliases.names().offered(), System.nanoTime());
            knownStreams = known;
        }
        if (known.offered().size() == 1) {
            return known.offered().first();
        }
        knownStreams = null;
        if (known.offered().isEmpty()) {
            throw new QueryException("not-initialised", "no stream has counted anything in this Redis yet", List.of());
        }
        throw new QueryException(
                "stream-not-said",
                "there are several streams: say which, with stream=NAME or {\"stream\": NAME}",
                known.offered());
    }

    private RedisMemory memory() {
        try {
            return RedisMemory.of(reader.memory().values());
        } catch (RefusedException notPermitted) {
            return null;
        }
    }
}
