package io.tidemark.commit;

import static io.tidemark.commit.RedisConnection.bytes;

import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/** A stream's keys but for the main one, also buckets that only a search can find. */
public record OtherKeys(RedisConnection redis, StreamKeys keys) {
    private static final Script SCAN = Script.load(OtherKeys.class, "scan.lua");
    private static final int A_STEP = 500;
    private static final String BEGINNING = "0";

    /**
     * Goes through them in bounded steps; a key may be met twice.
     *
     * @param step says whether to go on
     * @throws StoreUnavailableException when trying again is right, also when they are moved to another node meanwhile
     */
    public void scan(Predicate<List<String>> step) {
        List<byte[]> declared = List.of(bytes(keys.main()), bytes(keys.nothing()));
        String cursor = BEGINNING;
        String server = null;
        do {
            List<?> reply = (List<?>) redis.eval(
                    SCAN, declared, List.of(bytes(cursor), bytes(keys.main() + ":*"), bytes(Integer.toString(A_STEP))));
            String asked = redis.serverOf(keys.main());
            if (server != null && !server.equals(asked)) {
                throw new StoreUnavailableException(
                        "the keys of stream " + keys.stream() + " were moved from " + server + " to " + asked
                                + " while they were looked for",
                        null);
            }
            server = asked;
            cursor = RedisConnection.text(reply.get(0));
            if (!step.test(((Collection<?>) reply.get(1))
                    .stream().map(RedisConnection::text).toList())) {
                return;
            }
        } while (!BEGINNING.equals(cursor));
    }
}
