package io.tidemark.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.tidemark.commit.RedisAddress;
import io.tidemark.commit.RedisStore;
import io.tidemark.commit.Sample;
import io.tidemark.plan.Range;
import io.tidemark.testing.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The schemas in docs/ describe the questions that are understood and the answers that are given. */
class SchemasIT {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Schema QUESTION = schema("question.schema.json");
    private static final Schema ANSWER = schema("answer.schema.json");

    @TempDir
    Path folder;

    @Test
    void answersAreAsTheSchemaSays() {
        try (RedisServer server = RedisServer.start(folder);
                Answers answers = new Answers(server.address(), text -> Sample.config())) {
            assertThat(problems(ANSWER, answers.ask("counts", ""))).isEmpty(); // an error
            try (RedisStore store = new RedisStore(server.address(), Sample.config(), "writer-1")) {
                store.initialise(Sample.starts(0, 0), Sample.TOPIC_ID, Sample.STORE);
                store.commit(Sample.tally(new Range(0, 0, 100), new Range(1, 0, 50)));
            }
            for (String question : examples()) {
                assertThat(problems(QUESTION, question)).as(question).isEmpty();
                String answer = answers.ask("ask", question);
                assertThat(problems(ANSWER, answer)).as(answer).isEmpty();
            }
            for (String function : Answers.FUNCTIONS) {
                String answer =
                        answers.ask(function, function.equals("top") ? "user from=2026-01-05 to=2026-01-06" : "");
                assertThat(problems(ANSWER, answer)).as(answer).isEmpty();
            }
        }
    }

    @Test
    void whatIsNoQuestionIsNoneByTheSchemaEither() {
        for (String question : List.of(
                "{\"count\":[]}",
                "{\"counts\":\"bot\"}",
                "{\"counts\":[\"\"]}",
                "{\"format\":2}",
                "{\"top\":{}}",
                "{\"top\":{\"of\":\"page\",\"n\":0}}",
                "{\"top\":{\"of\":\"page\",\"from\":\"yesterday\"}}",
                "{\"trend\":{\"step\":\"5s\"}}",
                "{\"atLeast\":{\"x\":1}}",
                "{\"atLeast\":{\"0\":null}}",
                "{\"top\":{\"of\":null}}",
                "{\"trend\":[null]}",
                "{\"counts\":[null]}",
                "{\"status\":1}")) {
            assertThat(problems(QUESTION, question)).as(question).isNotEmpty();
            try (Answers answers = new Answers(new RedisAddress("redis://127.0.0.1:1", null))) {
                assertThat(answers.ask("counts", question)).contains("\"error\"");
            }
        }
    }

    @Test
    void answersThatLackTheirCutAreNone() {
        assertThat(problems(ANSWER, "{\"query\":\"\",\"stream\":\"wiki\",\"counts\":{}}"))
                .isNotEmpty();
        assertThat(problems(ANSWER, "{\"query\":\"\",\"error\":{\"code\":\"Bad\"}}"))
                .isNotEmpty();
    }

    @Test
    void theAnswersInTheDocumentsAreAnswers() throws IOException {
        String head =
                "{\"stream\":\"wiki\",\"query\":\"\",\"format\":1,\"cut\":{\"start\":{},\"offsets\":{},\"skipped\":[],"
                        + "\"version\":1,\"asOf\":null,\"committedAt\":\"2026-11-24T09:06:00.000Z\",\"readAt\":"
                        + "\"2026-11-24T09:06:00.000Z\"},\"accounts\":{\"records\":0,\"counted\":0,\"rejected\":0,\"filtered\":0,"
                        + "\"late\":0},";
        List<String> blocks = blocks();
        assertThat(blocks).hasSize(3);
        assertThat(problems(QUESTION, blocks.get(0))).isEmpty();
        assertThat(problems(ANSWER, head + "\"trend\":" + blocks.get(1) + "}")).isEmpty();
        assertThat(problems(ANSWER, head + "\"top\":" + blocks.get(2) + "}")).isEmpty();
    }

    private static List<String> examples() {
        return List.of(
                "{\"counts\":[]}",
                "{\"format\":1,\"stream\":\"wiki\",\"counts\":[\"bot\"],\"status\":true,\"trend\":[{\"of\":[\"actor\",\"g2_new\"],"
                        + "\"from\":\"2026-01-05T10:00Z\",\"to\":\"2026-01-05T11:00Z\",\"step\":\"minute\"},{\"from\":\"-2d\"}],"
                        + "\"top\":[{\"of\":\"user\",\"n\":3,\"from\":\"2026-01-05\",\"to\":\"2026-01-06\"},{\"of\":\"actor\","
                        + "\"total\":true}],\"zone\":\"Europe/Berlin\",\"atLeast\":{\"0\":100}}",
                "{\"counts\":[],\"atLeast\":{\"0\":101}}",
                "{\"format\":null,\"stream\":null,\"counts\":null,\"trend\":{\"of\":null,\"from\":null,\"step\":null},"
                        + "\"top\":{\"of\":\"page\",\"n\":null,\"to\":null,\"total\":null},\"status\":null,\"zone\":null,"
                        + "\"atLeast\":null}",
                "{\"counts\":[\"planet:mars\"]}",
                "{\"trend\":{\"of\":\"user\"}}");
    }

    private static List<String> blocks() throws IOException {
        Matcher block = Pattern.compile("```json\\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(DOCS.resolve("questions.md")));
        List<String> blocks = new ArrayList<>();
        while (block.find()) {
            blocks.add(block.group(1));
        }
        return blocks;
    }

    private static Schema schema(String file) {
        try {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(Files.readString(DOCS.resolve(file)), InputFormat.JSON);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> problems(Schema schema, String json) {
        return schema.validate(json, InputFormat.JSON).stream()
                .map(Object::toString)
                .toList();
    }
}
