package io.tidemark.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.client.TidemarkClient;
import io.tidemark.client.TidemarkClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.storm.thrift.TException;
import org.apache.storm.utils.DRPCClient;
import org.apache.storm.utils.Utils;

/**
 * Asks a service all the time while it lives and dies, in turn with Storm's own client and with ours, and keeps each
 * answer. One thread asks; the others look on.
 */
public final class Questions implements AutoCloseable {
    static final List<String> QUERIES = List.of(
            "",
            "bot human",
            "action:edit",
            "g2_edit g3_Anon g3_LoggedIN",
            "kind:new wiki:enwiki login:hidden",
            "g2_nothing");
    private static final int TIMEOUT_MS = 3_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final int port;
    private final TidemarkClient ours;
    private final Thread thread;
    private final List<Answered> answers = new ArrayList<>();
    private final Map<String, Integer> failures = new TreeMap<>();
    private DRPCClient stock;
    private volatile long records;
    private volatile long answered;
    private volatile boolean closed;

    /** A question and what was answered. */
    public record Answered(String query, String answer) {}

    /** @param port of the DRPC server, on the loopback address */
    public Questions(int port) {
        this.port = port;
        this.ours = new TidemarkClient("127.0.0.1", port, Duration.ofMillis(TIMEOUT_MS));
        this.thread = new Thread(this::ask, "questions");
        thread.setDaemon(true);
        thread.start();
    }

    private void ask() {
        for (int i = 0; !closed; i++) {
            String query = QUERIES.get(i % QUERIES.size());
            try {
                String answer = i % 4 < 2 ? stock(query) : ours.counts(query);
                note(query, answer);
                pause(15);
            } catch (TException | TidemarkClientException e) {
                closeStock();
                failed(e.getClass().getSimpleName());
                pause(100);
            } catch (RuntimeException e) {
                // Storm's client wraps what its connecting threw.
                closeStock();
                failed(e.getClass().getSimpleName());
                pause(100);
            }
        }
        closeStock();
    }

    private String stock(String query) throws TException {
        if (stock == null) {
            Map<String, Object> conf = Utils.readDefaultConfig();
            conf.put("storm.nimbus.retry.times", 0);
            stock = new DRPCClient(conf, "127.0.0.1", port, TIMEOUT_MS);
        }
        return stock.execute("counts", query);
    }

    private void closeStock() {
        if (stock != null) {
            stock.close();
            stock = null;
        }
    }

    private void note(String query, String answer) {
        JsonNode json;
        try {
            json = JSON.readTree(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer that is no JSON: " + answer, e);
        }
        if (json.has("error")) {
            failed("answer: " + json.at("/error/code").asText());
            return;
        }
        synchronized (this) {
            answers.add(new Answered(query, answer));
        }
        records = json.at("/accounts/records").asLong();
        answered++;
    }

    private synchronized void failed(String how) {
        failures.merge(how, 1, Integer::sum);
    }

    /** Records in the cut of the last answer. */
    public long records() {
        return records;
    }

    /** How many answers were got. */
    public long answered() {
        return answered;
    }

    public synchronized List<Answered> answers() {
        return List.copyOf(answers);
    }

    /** What was got instead of an answer, and how often. */
    public synchronized Map<String, Integer> failures() {
        return new TreeMap<>(failures);
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks no more. */
    public void stop() {
        closed = true;
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
        ours.close();
    }
}
