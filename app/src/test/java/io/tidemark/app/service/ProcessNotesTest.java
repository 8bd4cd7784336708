package io.tidemark.app.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessNotesTest {
    @TempDir
    private Path folder;

    private Process process;
    private Path file;

    @BeforeEach
    void startAProcess() throws IOException {
        file = folder.resolve("processes.json");
        process = new ProcessBuilder("sleep", "60").start();
    }

    @AfterEach
    void endIt() {
        process.destroyForcibly();
    }

    @Test
    void endsWhatAnEarlierServiceLeftOver() {
        new ProcessNotes(file).add("kafka", process.toHandle());

        assertThat(new ProcessNotes(file).endLeftOvers()).containsExactly("kafka");
        assertThat(process.isAlive()).isFalse();
        assertThat(new ProcessNotes(file).endLeftOvers()).isEmpty();
    }

    @Test
    void endsNoProcessThatGotAnOldProcessesId() throws IOException {
        new ProcessNotes(file).add("kafka", process.toHandle());
        String note = Files.readString(file);
        long started = process.info().startInstant().orElseThrow().toEpochMilli();
        Files.writeString(file, note.replace(Long.toString(started), Long.toString(started - 60_000)));

        assertThat(new ProcessNotes(file).endLeftOvers()).isEmpty();
        assertThat(process.isAlive()).isTrue();
    }

    @Test
    void aFileThatCannotBeUnderstoodEndsNothing() throws IOException {
        Files.writeString(file, "[{\"pid\":");

        assertThat(new ProcessNotes(file).endLeftOvers()).isEmpty();
        assertThat(process.isAlive()).isTrue();
    }
}
