package io.tidemark.commit;

import static io.tidemark.commit.RedisConnection.bytes;
import static io.tidemark.commit.StoreContract.recount;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.testing.CuttingProxy;
import io.tidemark.testing.CuttingProxy.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.CommandObjects;
import redis.clients.jedis.RedisProtocol;

/** The way to Redis fails: a commit is in whole or not at all, and trying again is enough. */
class RedisConnectionFaultIT extends RedisUnderFaults {
    @Test
    void aWrongPasswordIsNamedWithoutIt(@TempDir Path passwords) throws IOException {
        Path wrong = Files.writeString(passwords.resolve("wrong"), "not-the-password");
        String uri = "redis://127.0.0.1:" + server.port();
        try (RedisStore refused = new RedisStore(new RedisAddress(uri, wrong.toString()), Sample.config(), "w")) {
            assertThatThrownBy(() -> refused.commit(NEXT))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("WRONGPASS")
                    .hasMessageNotContaining("not-the-password");
            Files.writeString(wrong, server.password());
            assertAppliedInTheEnd(refused);
        }
        try (RedisStore none = new RedisStore(new RedisAddress(uri, null), Sample.config(), "w")) {
            assertThatThrownBy(none::marks)
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("NOAUTH");
        }
        RedisAddress missing =
                new RedisAddress(uri, passwords.resolve("missing").toString());
        try (RedisStore unreadable = new RedisStore(missing, Sample.config(), "w")) {
            assertThatThrownBy(unreadable::marks)
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("missing");
        }
    }

    @Test
    void awkwardUsersAndPasswordsWork(@TempDir Path passwords) throws IOException {
        Path file = Files.writeString(passwords.resolve("awkward"), "p@ss:w#rd/%25+\u00e9\n");
        backdoor.jedis().aclSetUser("tide:one", "on", "resetpass", ">p@ss:w#rd/%25+\u00e9", "+@all", "~*", "&*");
        RedisAddress address = new RedisAddress("redis://tide%3Aone@127.0.0.1:" + server.port(), file.toString());
        try (RedisStore awkward = new RedisStore(address, Sample.config(), "w")) {
            assertAppliedInTheEnd(awkward);
        }
        assertThatThrownBy(() -> new RedisConnection(new RedisAddress("redis://u:secret@127.0.0.1", null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void aConnectionThatBreaksBeforeTheCommitLosesNothing() {
        try (CuttingProxy proxy = new CuttingProxy(server.port());
                RedisStore behind = behind(proxy)) {
            behind.marks();
            proxy.become(Mode.CUT_QUESTIONS);
            assertUnavailable("did not answer", behind);
            proxy.become(Mode.PASS);
            assertAppliedInTheEnd(behind);
        }
    }

    @Test
    void aConnectionThatBreaksAfterTheCommitDoublesNothing() {
        try (CuttingProxy proxy = new CuttingProxy(server.port());
                RedisStore behind = behind(proxy)) {
            behind.marks();
            proxy.become(Mode.CUT_ANSWERS);
            assertThatThrownBy(() -> behind.commit(NEXT)).isInstanceOf(StoreUnavailableException.class);
            assertThat(counts()).isEqualTo(recount(40, 20));
            proxy.become(Mode.PASS);
            assertThat(behind.commit(NEXT)).isEqualTo(new CommitResult.AlreadyApplied());
            assertThat(counts()).isEqualTo(recount(40, 20));
        }
    }

    @Test
    void anAnswerThatNeverComesIsNotWaitedForLong() {
        try (CuttingProxy proxy = new CuttingProxy(server.port());
                RedisStore behind = behind(proxy)) {
            behind.marks();
            proxy.become(Mode.SWALLOW_ANSWERS);
            long started = System.nanoTime();
            assertThatThrownBy(() -> behind.commit(NEXT)).isInstanceOf(StoreUnavailableException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - started))
                    .isBetween(Duration.ofMillis(1_900), Duration.ofMillis(3_500));
            proxy.become(Mode.PASS);
            assertThat(behind.commit(NEXT)).isEqualTo(new CommitResult.AlreadyApplied());
        }
        assertThat(counts()).isEqualTo(recount(40, 20));
    }

    @Test
    void whoHasAConnectionNextDoesNotWaitLongerForThat() {
        try (RedisConnection redis = new RedisConnection(server.address())) {
            List<Integer> waits = new ArrayList<>();
            redis.eval(scripts.marks(), List.of(bytes(StoreContract.MAIN)), List.of(), Duration.ofSeconds(60));
            redis.call(client -> client.executeCommand(new CommandObjects(RedisProtocol.RESP2)
                    .ping()
                    .withPreProcessHook(connection -> waits.add(connection.getSoTimeout()))));
            assertThat(waits).containsExactly((int) RedisConnection.TIMEOUT.toMillis());
        }
    }

    @Test
    void aSuspendedServerAnswersLateAndDoublesNothing() {
        server.suspend();
        assertThatThrownBy(() -> store.commit(NEXT)).isInstanceOf(StoreUnavailableException.class);
        server.resume();
        // What was sent before may have been carried out when it woke up.
        assertThat(store.commit(NEXT)).isNotInstanceOf(CommitResult.OutOfStep.class);
        assertThat(counts()).isEqualTo(recount(40, 20));
    }

    @Test
    void aRestartIsNotNoticed() {
        server.restart();
        reopen();
        assertThat(store.commit(NEXT)).isEqualTo(new CommitResult.Applied(2));
        server.killAndRestart();
        reopen();
        assertThat(store.commit(NEXT)).isEqualTo(new CommitResult.AlreadyApplied());
        assertThat(counts()).isEqualTo(recount(40, 20));
    }

    private static RedisStore behind(CuttingProxy proxy) {
        return new RedisStore(
                new RedisAddress(
                        "redis://127.0.0.1:" + proxy.port(),
                        server.passwordFile().toString()),
                Sample.config(),
                "writer-1");
    }

    private void reopen() {
        backdoor.close();
        backdoor = new RedisBackdoor(server);
    }
}
