package io.tidemark.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.stream.StreamConfig;
import io.tidemark.tally.Tally;
import io.tidemark.testing.RedisServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a real Redis. */
class RedisStoreIT extends StoreContract {
    @TempDir
    static Path folder;

    private static RedisServer server;

    /** Others are put here to see whether the contract notices. */
    Scripts scripts = Scripts.bundled();

    private final List<Store> opened = new ArrayList<>();
    private RedisBackdoor backdoor;

    @BeforeAll
    static void startRedis() {
        server = RedisServer.start(folder, "appendonly no");
    }

    @AfterAll
    static void stopRedis() {
        server.close();
    }

    @BeforeEach
    void begin() {
        begin(server);
    }

    void begin(RedisServer on) {
        backdoor = new RedisBackdoor(on);
        backdoor.jedis().flushAll();
        server = on;
    }

    @AfterEach
    void end() {
        opened.forEach(Store::close);
        backdoor.close();
    }

    @Override
    Store open(StreamConfig config, String writer) {
        Store store = new RedisStore(server.address(), config, writer, scripts);
        opened.add(store);
        return store;
    }

    @Override
    Backdoor backdoor() {
        return backdoor;
    }

    /** Also as Redis itself would save it, byte for byte. */
    @Override
    void assertRefusedWithNothingChanged(String code, Store store, Tally tally) {
        SortedMap<String, String> before = backdoor.dumps();
        super.assertRefusedWithNothingChanged(code, store, tally);
        assertThat(backdoor.dumps()).isEqualTo(before);
    }
}
