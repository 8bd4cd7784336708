package io.tidemark.app.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.app.ServiceProcess;
import io.tidemark.app.browser.Chromium;
import io.tidemark.app.browser.Tab;
import io.tidemark.oracle.ExpectedCut;
import io.tidemark.oracle.JudgedRecord;
import io.tidemark.oracle.LabelledEvent;
import io.tidemark.oracle.LabelledEvents;
import io.tidemark.oracle.Recount;
import io.tidemark.oracle.WikipediaStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole service with its page open while events flow; killed with -9, it comes back, and so does the page. */
class PageFaultIT {
    private static final int EVENTS = 4_000;
    private static final double BAD = 0.02;

    @TempDir
    Path folder;

    private final long seed = Long.getLong("tidemark.seed", System.nanoTime() & 0xffff_ffffL);
    private final LabelledEvents events =
            new LabelledEvents(seed, Instant.now(), Duration.ofMinutes(50), 2 * EVENTS, BAD);
    private final List<JudgedRecord> sent = new ArrayList<>();

    @Test
    void theNumbersOnThePageAreTheRecountBeforeAndAfterEverythingIsKilled() throws Exception {
        System.out.println("PageFaultIT: replay with -Dtidemark.seed=" + seed);
        try (Chromium chromium = Chromium.start(folder.resolve("chromium"), "Europe/Berlin");
                ServiceProcess service = ServiceProcess.start(folder.resolve("data"))) {
            service.awaitAnswer();
            Tab tab = chromium.open();
            tab.look(1400, 900, "light");
            tab.go("http://" + service.info().http() + "/");
            tab.await("document.body.dataset.state === 'empty'");
            assertThat(tab.text("#notice")).contains("Waiting for the first event", "WikiPediaLogs");
            tab.value("window.sameDocument = true");

            send(service.info().kafka());
            thePageShowsTheRecount(tab);

            service.killAll();
            tab.await("document.body.dataset.state === 'disconnected'");
            assertThat(tab.value("document.body.classList.contains('not-current')")
                            .asBoolean())
                    .isTrue();
            assertThat(tab.text("#notice")).contains("No connection", "What you see is from");
            service.startAgain();
            service.awaitAnswer();
            send(service.info().kafka());
            thePageShowsTheRecount(tab);

            assertThat(tab.value("window.sameDocument").asBoolean())
                    .as("it was not loaded anew")
                    .isTrue();
            assertThat(tab.value("typeof window.t").asText()).isEqualTo("undefined");
            assertThat(tab.hosts()).containsExactly(service.info().http());
            assertThat(tab.complaints()).allMatch(complaint -> complaint.startsWith("network: "));
        }
    }

    private void send(String kafka) throws InterruptedException, ExecutionException {
        Map<String, Object> settings = Map.of("bootstrap.servers", kafka, "acks", "all");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<LabelledEvent> made = new ArrayList<>();
            List<Future<RecordMetadata>> places = new ArrayList<>();
            for (int i = 0; i < EVENTS; i++) {
                LabelledEvent event = events.next();
                made.add(event);
                places.add(producer.send(new ProducerRecord<>(
                        WikipediaStream.TOPIC, i % 2, System.currentTimeMillis(), null, event.bytes())));
            }
            for (int i = 0; i < EVENTS; i++) {
                RecordMetadata at = places.get(i).get();
                sent.add(new JudgedRecord(
                        at.partition(), at.offset(), at.timestamp(), made.get(i).label()));
            }
        }
    }

    /** Waits until all is counted, and compares every number of the page's cards. */
    private void thePageShowsTheRecount(Tab tab) {
        Recount recount = new Recount(sent);
        ExpectedCut expected = recount.cut(Map.of(), recount.ends());
        String counted = Long.toString(expected.accounts().get("counted"));
        tab.await("document.getElementById('counted').value === '" + counted + "'");
        tab.await("['live', 'quiet'].includes(document.body.dataset.state)");
        JsonNode cards = tab.value(
                "(() => { const cards = {}; for (const card of document.querySelectorAll('#dimensions [data-dimension]')) {"
                        + " card.querySelector('.more[aria-expanded=false]:not([hidden])')?.click();"
                        + " cards[card.dataset.dimension] = [...card.querySelectorAll('tbody tr')].map((row) =>"
                        + " Number(row.querySelector('[data-n]').dataset.n)); } return cards; })()");
        cards.properties().forEach(card -> {
            List<Long> numbers = new ArrayList<>();
            card.getValue().forEach(n -> numbers.add(n.asLong()));
            List<Long> right =
                    new ArrayList<>(expected.totals().get(card.getKey()).values());
            assertThat(numbers)
                    .as("%s, seed %d", card.getKey(), seed)
                    .containsExactlyInAnyOrderElementsOf(
                            right.stream().filter(n -> n > 0).toList());
        });
        assertThat(cards).hasSize(expected.totals().size());
        tab.await("document.querySelectorAll('#rejected tbody tr').length === "
                + Math.min(6, expected.reasons().size()));
        assertThat(tab.text("#equation").replace(",", ""))
                .startsWith(expected.accounts().get("records") + " records read = " + counted + " changes counted");
    }
}
