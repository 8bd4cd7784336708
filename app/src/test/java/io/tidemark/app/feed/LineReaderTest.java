package io.tidemark.app.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineReaderTest {
    private static List<String> lines(String text, int limit) throws IOException {
        LineReader reader = new LineReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)), limit);
        List<String> lines = new ArrayList<>();
        for (byte[] line = reader.next(); line != null; line = reader.next()) {
            lines.add(new String(line, StandardCharsets.ISO_8859_1) + "/" + reader.length());
        }
        return lines;
    }

    @Test
    void splitsAtLineFeedsAndKeepsEveryOtherByte() throws IOException {
        assertThat(lines("a\r\n\n\u00ff\u0000b\nlast", 100))
                .containsExactly("a\r/2", "/0", "\u00ff\u0000b/3", "last/4");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    '',      0
                    'a',     1
                    'a\n',   1
                    '\n',    1
                    '\n\n',  2
                    """)
    void endsWithoutALineThatIsNotThere(String text, int count) throws IOException {
        assertThat(lines(text.replace("\\n", "\n"), 10)).hasSize(count);
    }

    @Test
    void keepsTheBeginningOfALineThatIsTooLongAndSaysHowLongItWas() throws IOException {
        String large = "x".repeat(300_000);

        assertThat(lines("a\n" + large + "\nb", 5)).containsExactly("a/1", "xxxxx/300000", "b/1");
    }

    @Test
    void linesDoNotDependOnHowTheInputComesInPieces() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            byte[] line = new byte[random.nextInt(1000)];
            for (int j = 0; j < line.length; j++) {
                byte b = (byte) random.nextInt(256);
                line[j] = b == '\n' ? (byte) ' ' : b;
            }
            text.write(line);
            text.write('\n');
            expected.add(new String(line, StandardCharsets.ISO_8859_1));
        }
        InputStream pieces = new ByteArrayInputStream(text.toByteArray()) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, 1 + random.nextInt(50)));
            }
        };
        LineReader reader = new LineReader(pieces, 2000);
        List<String> found = new ArrayList<>();
        for (byte[] line = reader.next(); line != null; line = reader.next()) {
            found.add(new String(line, StandardCharsets.ISO_8859_1));
        }

        assertThat(found).as("seed %d", seed).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t \r", "\r"})
    void whiteSpaceAloneIsBlank(String line) {
        assertThat(LineReader.isBlank(line.getBytes(StandardCharsets.UTF_8))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", " x", "\u0000", "\u00a0"})
    void anythingElseIsNotBlank(String line) {
        assertThat(LineReader.isBlank(line.getBytes(StandardCharsets.UTF_8))).isFalse();
    }
}
