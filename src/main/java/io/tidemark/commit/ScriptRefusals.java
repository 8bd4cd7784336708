package io.tidemark.commit;

import static io.tidemark.commit.RedisConnection.text;

import io.tidemark.stream.RefusedException;
import io.tidemark.stream.StreamConfig;
import java.util.Collection;
import java.util.List;

/** What the scripts refuse, in words: what was seen, what it means, what to do. */
final class ScriptRefusals {
    static final String RESTORE_OR_RESET =
            " Nothing was changed. Restore the key from a backup, or start the stream over with: tidemark reset";

    static final String WRONG_CONFIGURATION = "wrong-configuration";

    private final StreamConfig config;

    ScriptRefusals(StreamConfig config) {
        this.config = config;
    }

    /** @param reply {refused, code, key, field, what was seen} */
    RefusedException of(List<?> reply) {
        String code = text(reply.get(1));
        String key = text(reply.get(2));
        String field = text(reply.get(3));
        String seen = text(reply.get(4));
        String stream = "stream " + config.name() + ": ";
        return switch (code) {
            case "not-initialised" ->
                new RefusedException(
                        code,
                        stream + "there is no key " + key + ", so nothing has been counted yet, or Redis was emptied."
                                + " Nothing was changed. A running coordinator initialises the stream by itself");
            case "unknown-format" -> unknownFormat(config.name(), seen);
            case "frozen" ->
                new RefusedException(
                        code,
                        stream + "commits are refused while it is " + seen + ". Nothing was changed. When that is over:"
                                + " HDEL " + key + " frozen");
            case "wrong-store" ->
                new RefusedException(
                        code,
                        stream + "the counts in " + key + " are another set (store " + seen + ") than the one that was"
                                + " planned for. Nothing was changed. Plan again from its marks");
            case "wrong-topic" ->
                new RefusedException(
                        code,
                        stream + "the counts are of the topic with id " + seen
                                + ", and what was counted now is of another"
                                + " one under the same name " + config.topic() + ": it was deleted and created anew."
                                + " Nothing was changed. Start over with: tidemark reset");
            case WRONG_CONFIGURATION -> otherConfiguration(config.fingerprint(), seen);
            case "mark-lost" ->
                new RefusedException(
                        code,
                        stream + "field " + field + " of key " + key + " is lost (" + seen
                                + " is there), so it is not known" + " what has been counted." + RESTORE_OR_RESET);
            case "marks-lost" ->
                new RefusedException(
                        code,
                        stream + "there are counts (" + seen + ") but no key " + key
                                + " that says what has been counted." + RESTORE_OR_RESET);
            case "overflow" ->
                new RefusedException(
                        code,
                        stream + "key " + key + " would pass 2^53, above which a sorted set is inexact (largest now: "
                                + field + " " + seen + ")." + RESTORE_OR_RESET);
            case "foreign-value" ->
                new RefusedException(
                        code,
                        stream + "key " + key + (field.isEmpty() ? "" : ", " + field) + " is not ours: " + seen + "."
                                + RESTORE_OR_RESET);
            default -> throw new IllegalStateException("a script refused with the unknown code " + code);
        };
    }

    RefusedException otherConfiguration(String counted) {
        return otherConfiguration(counted, config.fingerprint());
    }

    private RefusedException otherConfiguration(String counted, String wanted) {
        return new RefusedException(
                WRONG_CONFIGURATION,
                "stream " + config.name()
                        + ": what was counted now was counted with the configuration " + counted
                        + ", but the counts were made"
                        + " with " + wanted
                        + ". Nothing was changed. Go back to that configuration, count this one beside it with:"
                        + " tidemark backfill, or start over with: tidemark reset");
    }

    /** @param others names of shards that counts of the stream are kept in */
    RefusedException otherShards(Collection<String> others) {
        return new RefusedException(
                WRONG_CONFIGURATION,
                "stream " + config.name() + " is to be kept in " + config.shards()
                        + (config.shards() == 1 ? " shard" : " shards") + ", but there are counts of it in "
                        + String.join(", ", others)
                        + ". Nothing was changed. Go back to that number of shards, count this one beside it with:"
                        + " tidemark backfill, or start over with: tidemark reset " + config.name());
    }

    static RefusedException unknownFormat(String stream, String seen) {
        return new RefusedException(
                "unknown-format",
                "stream " + stream + ": key " + new StreamKeys(stream).main()
                        + " has format " + seen + ", and this version writes format " + StreamKeys.FORMAT
                        + ". Nothing was changed. Use the version that wrote it, or start over with: tidemark reset");
    }
}
