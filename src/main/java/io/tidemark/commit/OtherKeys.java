package io.tidemark.commit;

import java.util.List;
import java.util.function.Predicate;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/** A stream's keys but for the main one, also buckets that only a search can find. */
record OtherKeys(RedisConnection redis, StreamKeys keys) {
    private static final int A_STEP = 500;

    /** Goes through them in bounded steps. @param step says whether to go on */
    void scan(Predicate<List<String>> step) {
        ScanParams ours = new ScanParams().match(keys.main() + ":*").count(A_STEP);
        String cursor = ScanParams.SCAN_POINTER_START;
        do {
            String from = cursor;
            ScanResult<String> found = redis.call(client -> client.scan(from, ours));
            if (!step.test(found.getResult())) {
                return;
            }
            cursor = found.getCursor();
        } while (!ScanParams.SCAN_POINTER_START.equals(cursor));
    }
}
