package io.tidemark.tally;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tidemark.event.ChunkParser;
import io.tidemark.event.ParsedChunk;
import io.tidemark.plan.Chunk;
import io.tidemark.plan.Epochs;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.stream.BundledStreams;
import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Times parsing and counting beside a raw loop over the same records: one thread, Jackson's streaming parser to the end
 * of each record, five fields, a hash map. Prints CPU nanoseconds a record. Arguments: records a chunk, rounds.
 */
public final class CountingSpeed {
    private static final int RECORDS = 300_000;
    private static final long START = 1_775_901_600_000L;
    private static final String FOUR = """
            stream: four
            topic: WikiPediaLogs
            time: {fields: [/meta/dt, /timestamp]}
            dimensions:
              action: [{field: /type}]
              actor: [{field: /bot, lookup: {true: bot, false: human}}]
              login:
                - if: {/user: {ip-address: true}}
                  category: anonymous
                - category: loggedin
              namespace: [{field: /namespace}]
            types: {/namespace: whole-number}
            """;

    private final Map<String, long[]> rawCounts = new HashMap<>();

    private CountingSpeed() {}

    public static void main(String[] args) throws IOException {
        int chunkSize = args.length > 0 ? Integer.parseInt(args[0]) : 1_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 7;
        List<byte[]> records = records(new Random(7));
        System.out.printf(
                Locale.ROOT,
                "%d records of %.0f bytes, %d a chunk%n",
                RECORDS,
                records.stream().mapToInt(r -> r.length).average().orElse(0),
                chunkSize);
        StreamConfig four = StreamConfigReader.read(FOUR, Path.of("."));
        StreamConfig wiki = BundledStreams.wikipedia();
        List<Chunk> fourChunks = chunks(four, records, chunkSize);
        List<Chunk> wikiChunks = chunks(wiki, records, chunkSize);
        for (int round = 0; round < rounds; round++) {
            double raw = raw(records);
            double[] few = ours(four, fourChunks);
            double[] all = ours(wiki, wikiChunks);
            System.out.printf(
                    Locale.ROOT,
                    "raw %4.0f | four %4.0f = %4.2f (parse %3.0f count %3.0f) read %3.0f | wiki %4.0f = %4.2f (parse %3.0f count"
                            + " %3.0f) read %3.0f%n",
                    raw,
                    few[0] + few[1],
                    (few[0] + few[1]) / raw,
                    few[0],
                    few[1],
                    few[2],
                    all[0] + all[1],
                    (all[0] + all[1]) / raw,
                    all[0],
                    all[1],
                    all[2]);
        }
    }

    private static double raw(List<byte[]> records) throws IOException {
        CountingSpeed loop = new CountingSpeed();
        JsonFactory json = new JsonFactory();
        long begin = cpu();
        for (byte[] record : records) {
            loop.raw(json, record);
        }
        return (double) (cpu() - begin) / records.size();
    }

    private void raw(JsonFactory json, byte[] record) throws IOException {
        try (JsonParser parser = json.createParser(record)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                switch (name) {
                    case "type", "namespace", "wiki", "user" -> rawCount(name, parser.getText());
                    case "bot" -> rawCount(name, token == JsonToken.VALUE_TRUE ? "bot" : "human");
                    default -> parser.skipChildren();
                }
            }
            parser.nextToken();
        }
    }

    private void rawCount(String name, String value) {
        if (!name.equals("user")) {
            rawCounts.computeIfAbsent(value, v -> new long[1])[0]++;
        }
    }

    private static double[] ours(StreamConfig config, List<Chunk> chunks) {
        ChunkParser parser = new ChunkParser(config);
        ChunkCounter counter = new ChunkCounter(config);
        long parse = 0;
        long count = 0;
        Tally tally = Tally.NOTHING;
        for (Chunk chunk : chunks) {
            long begin = cpu();
            ParsedChunk parsed = parser.parse(chunk);
            long middle = cpu();
            tally = tally.merge(counter.count(parsed));
            count += cpu() - middle;
            parse += middle - begin;
        }
        long begin = cpu();
        tally.additions();
        long read = cpu() - begin;
        if (tally.accounts().counted() != RECORDS) {
            throw new IllegalStateException("not all were counted: " + tally.accounts() + tally.reasons());
        }
        return new double[] {(double) parse / RECORDS, (double) count / RECORDS, (double) read / RECORDS};
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static List<Chunk> chunks(StreamConfig config, List<byte[]> records, int chunkSize) {
        List<Chunk> chunks = new ArrayList<>();
        Plan plan = new Plan(
                config.name(),
                "topic",
                config.fingerprint(),
                "store",
                new TreeMap<>(Map.of(0, 0L)),
                new TreeMap<>(Map.of(0, new Range(0, 0, records.size()))),
                new TreeMap<>());
        for (int first = 0; first < records.size(); first += chunkSize) {
            int size = Math.min(chunkSize, records.size() - first);
            long[] offsets = new long[size];
            long[] timestamps = new long[size];
            Arrays.setAll(offsets, i -> i);
            for (int i = 0; i < size; i++) {
                offsets[i] = first + i;
                timestamps[i] = START + offsets[i];
            }
            byte[][] values = records.subList(first, first + size).toArray(byte[][]::new);
            chunks.add(new Chunk(
                    plan, new Range(0, first, first + size), Epochs.UNKNOWN, size, offsets, timestamps, values));
        }
        return chunks;
    }

    private static List<byte[]> records(Random random) {
        List<byte[]> records = new ArrayList<>();
        String[] types = {"edit", "edit", "edit", "edit", "edit", "categorize", "log", "new"};
        String[] wikis = {"enwiki", "commonswiki", "wikidatawiki", "dewiki", "frwiki", "jawiki", "ruwiki"};
        for (int i = 0; i < RECORDS; i++) {
            int user = (int) Math.abs(random.nextGaussian() * 20_000);
            String name = random.nextInt(6) == 0 ? "192.0.2." + random.nextInt(256) : "Sample User " + user;
            int page = (int) Math.abs(random.nextGaussian() * 100_000);
            String record = String.format(
                    Locale.ROOT,
                    "{\"meta\":{\"id\":\"%08x-0000-4000-8000-%012x\",\"dt\":\"%s\",\"domain\":\"en.wikipedia.org\"},\"id\":%d,"
                            + "\"type\":\"%s\",\"namespace\":%d,\"title\":\"%s %d\",\"comment\":\"/* %s */ a change of some length\","
                            + "\"timestamp\":%d,\"user\":\"%s\",\"bot\":%b,\"minor\":false,\"length\":{\"old\":%d,\"new\":%d},"
                            + "\"revision\":{\"old\":%d,\"new\":%d},\"server_name\":\"en.wikipedia.org\",\"wiki\":\"%s\"}",
                    random.nextInt(),
                    random.nextLong() & 0xFFFFFFFFFFFFL,
                    java.time.Instant.ofEpochMilli(START + i),
                    1_000_000_000L + i,
                    types[random.nextInt(types.length)],
                    random.nextInt(4) == 0 ? random.nextInt(16) : 0,
                    random.nextInt(10) == 0 ? "S\u00e3mple p\u00e4ge" : "Sample page",
                    page,
                    random.nextInt(10) == 0 ? "\u043f\u0440\u0438\u043c\u0435\u0440" : "Section",
                    (START + i) / 1000,
                    name,
                    random.nextInt(3) == 0,
                    random.nextInt(100_000),
                    random.nextInt(100_000),
                    random.nextInt(1_000_000_000),
                    random.nextInt(1_000_000_000),
                    wikis[random.nextInt(wikis.length)]);
            records.add(record.getBytes(StandardCharsets.UTF_8));
        }
        return records;
    }
}
