package io.tidemark.app.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.testing.RedisServer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** Redis's append-only file, torn by a crash of the machine at any byte: what is left of a commit is never executed. */
class TornCommitFaultIT {
    private static final String COMMIT = "redis.call('HINCRBY', 'records', 'all', 1)"
            + " redis.call('HINCRBY', 'bots', 'all', 1) redis.call('HINCRBY', 'mark', '0', 1)";
    private static final int BEFORE = 3;

    @TempDir
    Path folder;

    private RedisServer redis;
    private Path file;

    @BeforeEach
    void start() {
        redis = RedisServer.start(folder);
        file = folder.resolve("appendonlydir").resolve("appendonly.aof.1.incr.aof");
        for (int i = 0; i < BEFORE; i++) {
            commit();
        }
        redis.kill();
    }

    @AfterEach
    void stop() {
        redis.close();
    }

    @Test
    void wherever() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        int begin = new String(whole, StandardCharsets.ISO_8859_1).lastIndexOf("*1\r\n$5\r\nMULTI");
        for (int end : new int[] {
            whole.length,
            whole.length - 1,
            whole.length - 14,
            whole.length - 20,
            begin + 60,
            begin + 15,
            begin + 9,
            begin,
            begin - 1
        }) {
            Files.write(file, whole);
            try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
                opened.setLength(end);
            }
            AppendOnlyFileEnd.cutTornCommit(folder);
            redis.start();
            int left = Integer.parseInt(counts().substring(0, 1));
            assertThat(left).isEqualTo(end == whole.length ? BEFORE : end < begin ? BEFORE - 2 : BEFORE - 1);
            commit();
            redis.kill();
            redis.start();
            String one = Integer.toString(left + 1);
            assertThat(counts()).as("cut at %d of %d", end, whole.length).isEqualTo(one + " " + one + " " + one);
            redis.kill();
        }
    }

    @Test
    void whatIsNotUnderstoodIsLeftToRedis() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        byte[] wrong = (new String(whole, StandardCharsets.ISO_8859_1) + "*1\r\n$5\r\nMULTI\r\nwhat is this")
                .getBytes(StandardCharsets.ISO_8859_1);
        Files.write(file, wrong);
        assertThat(AppendOnlyFileEnd.cutTornCommit(folder)).isZero();
        assertThat(file).hasBinaryContent(wrong);
        assertThat(AppendOnlyFileEnd.cutTornCommit(folder.resolve("not there"))).isZero();
    }

    @Test
    void theServiceCutsItOffBeforeItStartsRedis() throws IOException {
        DataFolder data = new DataFolder(folder.resolve("data"));
        Path its = data.redis().resolve("appendonlydir");
        Files.createDirectories(its);
        for (Path each : List.of(file, file.resolveSibling("appendonly.aof.manifest"))) {
            Files.copy(each, its.resolve(each.getFileName()));
        }
        String whole = Files.readString(file, StandardCharsets.ISO_8859_1);
        Path torn = its.resolve(file.getFileName());
        Files.writeString(torn, whole.substring(0, whole.length() - 20), StandardCharsets.ISO_8859_1);
        new RedisFiles(data).command();
        assertThat(torn)
                .content(StandardCharsets.ISO_8859_1)
                .isEqualTo(whole.substring(0, whole.lastIndexOf("*1\r\n$5\r\nMULTI")));
    }

    private void commit() {
        try (Jedis jedis = jedis()) {
            jedis.eval(COMMIT);
        }
    }

    private String counts() {
        try (Jedis jedis = jedis()) {
            return jedis.hget("records", "all") + " " + jedis.hget("bots", "all") + " " + jedis.hget("mark", "0");
        }
    }

    private Jedis jedis() {
        Jedis jedis = new Jedis("127.0.0.1", redis.port());
        jedis.auth(redis.password());
        return jedis;
    }
}
