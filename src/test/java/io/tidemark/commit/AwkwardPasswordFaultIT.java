package io.tidemark.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords and users that URIs do not like, and passwords that change while the stream runs. No message holds one. */
class AwkwardPasswordFaultIT extends RedisUnderFaults {
    private static final String AWKWARD = "p@ss:w#rd/%25+\u00e9";
    private static final String ENCODED = "p%40ss%3Aw%23rd%2F%2525%2B%C3%A9";

    @TempDir
    Path passwords;

    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private PrintStream err;
    private PrintStream out;

    @BeforeEach
    void listenToLogs() {
        err = System.err;
        out = System.out;
        System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
        System.setOut(new PrintStream(logged, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void noLogHoldsAPassword() {
        System.setErr(err);
        System.setOut(out);
        backdoor.jedis().configSet("requirepass", server.password());
        assertThat(logged.toString(StandardCharsets.UTF_8))
                .doesNotContain(AWKWARD, ENCODED, "p@ss", "not-the-one", server.password());
    }

    @Test
    void theServersPasswordMayBeAwkward() throws IOException {
        backdoor.jedis().configSet("requirepass", AWKWARD);
        RedisUri uri = RedisUri.parse("redis://:" + ENCODED + "@127.0.0.1:" + server.port() + "/0");
        try (RedisStore store = storeOf(uri.address(), uri.password())) {
            assertAppliedInTheEnd(store);
        }
    }

    @Test
    void anEncodedUriOfAUserMeansTheSameAsSeparateSettings() throws IOException {
        backdoor.jedis().aclSetUser("tide:one", "on", "resetpass", ">" + AWKWARD, "+@all", "~*", "&*");
        RedisUri uri = RedisUri.parse("redis://tide%3Aone:" + ENCODED + "@127.0.0.1:" + server.port() + "/0");
        assertThat(uri.address()).isEqualTo("redis://tide%3Aone@127.0.0.1:" + server.port() + "/0");
        try (RedisStore store = storeOf(uri.address(), uri.password())) {
            assertThat(store.marks().orElseThrow().version()).isEqualTo(1);
        }
        try (RedisStore store = storeOf("redis://tide%3Aone@127.0.0.1:" + server.port(), AWKWARD)) {
            assertAppliedInTheEnd(store);
        }
    }

    @Test
    void aWrongPasswordGivesOneClearMessageWithoutIt() throws IOException {
        String uri = "redis://tide%3Aone@127.0.0.1:" + server.port();
        backdoor.jedis().aclSetUser("tide:one", "on", "resetpass", ">" + AWKWARD, "+@all", "~*", "&*");
        try (RedisStore store = storeOf(uri, "not-the-one")) {
            assertSays(
                    store,
                    "Redis at 127.0.0.1:" + server.port() + ": it does not accept the password; check the"
                            + " password file and the user (WRONGPASS invalid username-password pair or user is disabled.)");
        }
    }

    @Test
    void aPasswordThatRedisGetsWhileTheStreamRunsIsAskedForAndThenTaken() throws IOException {
        backdoor.jedis().configSet("requirepass", "");
        String uri = "redis://127.0.0.1:" + server.port();
        try (RedisStore without = new RedisStore(new RedisAddress(uri, null), Sample.config(), "w")) {
            assertThat(without.marks()).isPresent();
            backdoor.jedis().configSet("requirepass", AWKWARD);
            disconnectOthers();
            assertSays(
                    without,
                    "Redis at 127.0.0.1:" + server.port() + ": it asks for a password; name the file that"
                            + " holds it (NOAUTH Authentication required.)");
        }
        try (RedisStore with = storeOf(uri, AWKWARD)) {
            assertAppliedInTheEnd(with);
        }
    }

    @Test
    void aPasswordThatRedisLosesIsNotMissedAndAnotherOneIsAskedFor() throws IOException {
        backdoor.jedis().configSet("requirepass", AWKWARD);
        String uri = "redis://127.0.0.1:" + server.port();
        try (RedisStore running = storeOf(uri, AWKWARD)) {
            assertThat(running.marks()).isPresent();
            backdoor.jedis().configSet("requirepass", "");
            disconnectOthers();
            assertThat(running.marks()).isPresent();
            backdoor.jedis().configSet("requirepass", AWKWARD + "2");
            disconnectOthers();
            assertThatThrownBy(running::marks)
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("WRONGPASS")
                    .satisfies(AwkwardPasswordFaultIT::holdsNoPassword);
            // The file is read at each new connection: the stream goes on by itself once both are the same again.
            Files.writeString(passwords.resolve("password"), AWKWARD + "2\n");
            assertAppliedInTheEnd(running);
        }
    }

    @Test
    void aUserThatIsRemovedWhileTheStreamRunsIsNamedAndTakenAgainWhenItIsBack() throws IOException {
        backdoor.jedis().aclSetUser("tide:one", "on", "resetpass", ">" + AWKWARD, "+@all", "~*", "&*");
        try (RedisStore running = storeOf("redis://tide%3Aone@127.0.0.1:" + server.port(), AWKWARD)) {
            assertThat(running.marks()).isPresent();
            backdoor.jedis().aclDelUser("tide:one");
            assertThatThrownBy(running::marks)
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("WRONGPASS")
                    .satisfies(AwkwardPasswordFaultIT::holdsNoPassword);
            backdoor.jedis().aclSetUser("tide:one", "on", "resetpass", ">" + AWKWARD, "+@all", "~*", "&*");
            assertAppliedInTheEnd(running);
        }
    }

    private RedisStore storeOf(String uri, String password) throws IOException {
        Path file = Files.writeString(passwords.resolve("password"), password + "\n");
        return new RedisStore(new RedisAddress(uri, file.toString()), Sample.config(), "w");
    }

    private static void assertSays(RedisStore store, String message) {
        assertThatThrownBy(store::marks)
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessage(message)
                .satisfies(AwkwardPasswordFaultIT::holdsNoPassword);
    }

    /** Neither does a cause, which a log prints with it. */
    private static void holdsNoPassword(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            assertThat(String.valueOf(cause)).doesNotContain("p@ss", ENCODED, "not-the-one", server.password());
        }
    }

    private void disconnectOthers() {
        backdoor.jedis()
                .clientKill(new redis.clients.jedis.params.ClientKillParams()
                        .type(redis.clients.jedis.args.ClientType.NORMAL)
                        .skipMe(redis.clients.jedis.params.ClientKillParams.SkipMe.YES));
    }
}
