package io.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.commit.Health;
import io.tidemark.commit.RedisAddress;
import io.tidemark.commit.RedisStore;
import io.tidemark.commit.Sample;
import io.tidemark.plan.Range;
import io.tidemark.testing.RedisServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** What docs/redis-layout.md says is so. */
class RedisLayoutIT {
    private static final Path PAGE = Path.of("../docs/redis-layout.md");

    @TempDir
    Path folder;

    private RedisServer server;
    private Jedis jedis;

    @BeforeEach
    void start() {
        server = RedisServer.start(folder.resolve("redis"));
        jedis = new Jedis("127.0.0.1", server.port());
        jedis.auth(server.password());
    }

    @AfterEach
    void stop() {
        jedis.close();
        server.close();
    }

    @Test
    void everyCommandOnThePageWorks() throws IOException {
        fill(new RedisStore(server.address(), Sample.config(), "writer-1"));
        List<List<String>> commands = commands();
        assertThat(commands).hasSizeGreaterThan(15);
        for (List<String> command : commands) {
            if (command.get(0).equals("SUBSCRIBE")) {
                continue;
            }
            String[] arguments = command.subList(1, command.size()).toArray(String[]::new);
            Object answer = jedis.sendCommand(() -> command.get(0).getBytes(StandardCharsets.UTF_8), arguments);
            if (command.get(0).equals("EXEC")) {
                assertThat((List<?>) answer).hasSize(4).noneMatch(JedisException.class::isInstance);
            }
        }
    }

    @Test
    void theUsersOnThePageMayDoWhatTheyNeed() throws IOException {
        for (List<String> command : commands()) {
            if (command.get(0).equals("ACL")) {
                jedis.sendCommand(
                        () -> "ACL".getBytes(StandardCharsets.UTF_8),
                        command.subList(1, command.size()).toArray(String[]::new));
            }
        }
        try (RedisStore store = new RedisStore(as("tidemark", "secret-1"), Sample.config(), "writer-1")) {
            fill(store);
            jedis.hset("tidemark:{wiki}", "clock", Long.toString((Sample.T0 + 100 * 86_400) * 1_000));
            assertThat(store.removeGoneBuckets()).isPositive();
            try (Answers answers = new Answers(as("reader", "secret-2"), text -> Sample.config())) {
                assertThat(answers.counts("bot")).contains("\"labels\":{\"bot\":5}");
                assertThat(answers.status("")).contains("\"state\":\"running\"", "\"redis\":{");
            }
            store.reset();
        }
        assertThat(jedis.keys("tidemark:*")).containsExactly("tidemark:{wiki}:health");
        assertThat(jedis.hkeys("tidemark:{wiki}:health")).containsExactly("started-over-as");
    }

    @Test
    void everyFieldThatIsWrittenIsOnThePage() throws IOException {
        String page = Files.readString(PAGE);
        fill(new RedisStore(server.address(), Sample.config(), "writer-1"));
        for (String key : List.of("tidemark:{wiki}", "tidemark:{wiki}:health", "tidemark:{wiki}:accounts")) {
            for (String field : jedis.hkeys(key)) {
                assertThat(page).contains("`" + field.replaceFirst(":\\d+$", ":P") + "`");
            }
        }
    }

    private static void fill(RedisStore store) {
        store.initialise(Sample.starts(0), Sample.TOPIC_ID, Sample.STORE);
        store.commit(Sample.tally(new Range(0, 0, 20)));
        store.report(new Health("writer-1", Sample.starts(0), Sample.starts(30), null));
    }

    private RedisAddress as(String user, String password) throws IOException {
        Path file = Files.writeString(folder.resolve(user), password);
        return new RedisAddress("redis://" + user + "@127.0.0.1:" + server.port(), file.toString());
    }

    /** Each command of the page's shell blocks, as words. */
    static List<List<String>> commands() throws IOException {
        List<List<String>> commands = new ArrayList<>();
        boolean shell = false;
        boolean here = false;
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("```")) {
                shell = line.equals("```sh");
            } else if (line.startsWith("redis-cli <<") || line.equals("END")) {
                here = !here;
            } else if (shell && (here || line.startsWith("redis-cli "))) {
                commands.add(words(line.replaceFirst("^redis-cli ", "")));
            }
        }
        return commands;
    }

    private static List<String> words(String line) {
        Matcher matcher = Pattern.compile("'([^']*)'|(\\S+)").matcher(line);
        return matcher.results()
                .map(r -> Stream.of(r.group(1), r.group(2))
                        .filter(g -> g != null)
                        .findFirst()
                        .orElseThrow())
                .toList();
    }
}
