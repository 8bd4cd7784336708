package io.tidemark.trident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.commit.RedisAddress;
import io.tidemark.plan.Chunk;
import io.tidemark.plan.Epochs;
import io.tidemark.plan.Plan;
import io.tidemark.plan.Range;
import io.tidemark.stream.BundledStreams;
import io.tidemark.stream.InvalidConfigException;
import io.tidemark.tally.Accounts;
import io.tidemark.tally.CountKey;
import io.tidemark.tally.RejectedRecord;
import io.tidemark.tally.Tally;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a record adds counts whole or not at all, and what a program names is kept as it is. */
class SumsTest {
    private static final TopologySettings SETTINGS =
            TopologySettings.of("127.0.0.1:1", new RedisAddress("redis://127.0.0.1:1", null));

    @Test
    void aRecordThatIsRejectedInTheMiddleAddsNothing() {
        Tally tally = SumChunk.tally(chunk("a 1", "b 2", "bad", "a 3"), (value, adding) -> {
            String text = new String(value, StandardCharsets.UTF_8);
            adding.add(text.substring(0, 1), 10);
            adding.add(text.substring(0, 1), 1);
            if (text.equals("bad")) {
                adding.reject("no-number");
            }
        });
        assertThat(tally.additions()).isEqualTo(Map.of(CountKey.total("sums"), Map.of("a", 22L, "b", 11L)));
        assertThat(tally.accounts()).isEqualTo(new Accounts(4, 3, 1, 0, 0));
        assertThat(tally.reasons()).isEqualTo(Map.of("no-number", 1L));
        assertThat(tally.rejected()).isEqualTo(Map.of(0, List.of(new RejectedRecord(7, "no-number"))));
        assertThat(tally.covers()).containsExactly(new Range(0, 5, 10));
        assertThat(tally.asOf()).isEqualTo(Map.of(0, 1_003L));
    }

    @Test
    void keysThatAreTooLongAreAddedUpTogether() {
        String most = "\u00e9".repeat(256);
        Tally tally = SumChunk.tally(chunk("x"), (value, adding) -> {
            adding.add(most, 1);
            adding.add(most + "x", 2);
            adding.add(most + "y", 3);
        });
        assertThat(tally.additions().get(CountKey.total("sums"))).isEqualTo(Map.of(most, 1L, "(too long)", 5L));
    }

    @Test
    void aSumBeyondALongIsNeverWrong() {
        assertThatThrownBy(() -> SumChunk.tally(chunk("x", "y"), (value, adding) -> adding.add("a", Long.MAX_VALUE)))
                .isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> SumChunk.tally(chunk("x"), (value, adding) -> {
                    adding.add("a", Long.MIN_VALUE);
                    adding.add("a", -1);
                }))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void namesAndWordsMayBeAnythingThatTheyMayBe() throws Exception {
        String words = "what's up: {a: 'b'}\n# and \"so\" on \u20ac";
        Sums sums = Sums.of("my-sums", "topic.1", words, SETTINGS, (value, adding) -> {});
        Sums others = Sums.of("my-sums", "topic.1", words + "!", SETTINGS, (value, adding) -> {});
        assertThat(sums.config().fingerprint()).isNotEqualTo(others.config().fingerprint());
        assertThat(sums.config().isByProgram()).isTrue();
        assertThatThrownBy(() -> Sums.of("No Name", "topic", "x", SETTINGS, (value, adding) -> {}))
                .isInstanceOf(InvalidConfigException.class);
        assertThatThrownBy(() -> Sums.of(BundledStreams.wikipedia(), SETTINGS, (value, adding) -> {}))
                .isInstanceOf(IllegalArgumentException.class);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(sums);
        Sums travelled = (Sums) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
        assertThat(travelled.config()).isEqualTo(sums.config());
    }

    private static Chunk chunk(String... values) {
        Plan plan = new Plan(
                "my-sums",
                "topic",
                "print",
                "store",
                new TreeMap<>(),
                new TreeMap<>(Map.of(0, new Range(0, 5, 10))),
                new TreeMap<>());
        long[] offsets = new long[values.length];
        long[] timestamps = new long[values.length];
        byte[][] bytes = new byte[values.length][];
        for (int i = 0; i < values.length; i++) {
            offsets[i] = 5 + i;
            timestamps[i] = 1_000 + i;
            bytes[i] = values[i].getBytes(StandardCharsets.UTF_8);
        }
        return new Chunk(plan, new Range(0, 5, 10), Epochs.UNKNOWN, values.length, offsets, timestamps, bytes);
    }
}
