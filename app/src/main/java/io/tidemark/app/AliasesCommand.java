package io.tidemark.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import io.tidemark.app.show.Terminal;
import io.tidemark.commit.RedisConnection;
import io.tidemark.commit.StoreUnavailableException;
import io.tidemark.commit.StreamAliases;
import io.tidemark.commit.StreamNames;
import io.tidemark.stream.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark aliases}: by which names readers ask, and which streams answer. */
@Command(
        name = "aliases",
        mixinStandardHelpOptions = true,
        header = "Says by which names readers ask, and which streams answer.",
        description = "A name leads to another stream after tidemark backfill. Streams that no name leads to are kept "
                + "until tidemark reset removes them.")
final class AliasesCommand implements Callable<Integer> {
    @Mixin
    private ServersOption servers;

    @Option(names = "--json", description = "The result as programs get it, on one line.")
    private boolean json;

    private record Row(String name, String stream, String note) {}

    @Override
    public Integer call() {
        try (RedisConnection redis = new RedisConnection(servers.redis())) {
            StreamNames names = new StreamAliases(redis).names();
            System.out.println(json ? json(names) : table(names));
            return ExitCodes.OK;
        } catch (StoreUnavailableException e) {
            throw new CommandFailedException(ExitCodes.UNREACHABLE, e.getMessage() + ". " + servers.whatToDo(), e);
        } catch (RefusedException e) {
            throw new CommandFailedException(ExitCodes.FAILED, e.getMessage(), e);
        }
    }

    private static String json(StreamNames names) {
        ObjectNode answer = new ObjectMapper().createObjectNode();
        names.streams().forEach(answer.putArray("streams")::add);
        ObjectNode aliases = answer.putObject("aliases");
        names.aliases().forEach(aliases::put);
        ObjectNode backfills = answer.putObject("backfills");
        names.backfills().forEach(backfills::put);
        names.replaced().forEach(answer.putArray("replaced")::add);
        return answer.toString();
    }

    private static String table(StreamNames names) {
        List<Row> rows = new ArrayList<>();
        for (String name : names.all()) {
            rows.add(new Row(name, names.streamOf(name), note(names, name)));
        }
        names.aliases().forEach((alias, stream) -> {
            if (names.streams().contains(alias)) {
                rows.add(new Row("", alias, "answers nobody: tidemark reset " + alias + " removes it"));
            }
        });
        return AsciiTable.getTable(
                AsciiTable.NO_BORDERS,
                rows,
                List.of(
                        column("Asked by").with(row -> Terminal.harmless(row.name())),
                        column("Answered by").with(row -> Terminal.harmless(row.stream())),
                        column("").with(row -> Terminal.harmless(row.note()))));
    }

    private static String note(StreamNames names, String name) {
        String alias = names.backfills().get(name);
        if (alias != null) {
            return "being counted for " + alias;
        }
        boolean isLeft = names.replaced().contains(name) && names.streamOf(name).equals(name);
        return isLeft ? "was replaced: tidemark reset " + name + " removes it" : "";
    }

    private static Column column(String header) {
        return new Column().header(header).headerAlign(HorizontalAlign.LEFT).dataAlign(HorizontalAlign.LEFT);
    }
}
