package io.tidemark.app.show;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.cut.RejectedReader.Position;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RejectedRecordTest {
    private static final Position POSITION = new Position(1, 7, "not-json");

    private static String shown(byte[] value, int most) {
        return RejectedRecord.found(POSITION, Instant.EPOCH, value).text(most);
    }

    @Test
    void nothingThatATerminalObeysIsShown() {
        assertThat(shown("\u001b[31m\t\n\u202eé😀".getBytes(StandardCharsets.UTF_8), 100))
                .isEqualTo("\\u001b[31m\\u0009\\u000a\\u202eé😀");
    }

    @Test
    void bytesThatAreNoTextAreShownAsTheyAre() {
        assertThat(shown(new byte[] {'a', (byte) 0xff, (byte) 0xc3}, 100)).isEqualTo("a\\xff\\xc3");
    }

    @Test
    void aCharacterIsNotCutInTwo() {
        assertThat(shown("éé".getBytes(StandardCharsets.UTF_8), 3)).isEqualTo("é ... (4 bytes)");
    }

    @Test
    void whatIsNotThereIsSaid() {
        assertThat(shown(null, 10)).isEqualTo("(null value)");
        assertThat(shown(new byte[0], 10)).isEqualTo("(no bytes)");
        assertThat(RejectedRecord.gone(POSITION).text(10)).isEqualTo("(Kafka no longer has it)");
    }
}
