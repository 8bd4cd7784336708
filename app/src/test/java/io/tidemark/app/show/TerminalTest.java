package io.tidemark.app.show;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TerminalTest {
    @Test
    void makesWhatATerminalWouldObeyVisible() {
        assertThat(Terminal.harmless("a\u001b[2Jb\nc\u202ed\u0000e\u009bf\u2028g"))
                .isEqualTo("a\\u001b[2Jb\\u000ac\\u202ed\\u0000e\\u009bf\\u2028g");
    }

    @Test
    void leavesNamesOfAllScriptsAlone() {
        String names = "Café İstanbul Ωμέγα 日本語 العربية 🙂 ~2026-1 O'Neill \"quoted\" \\back";

        assertThat(Terminal.harmless(names)).isSameAs(names);
    }

    @Test
    void keepsLinesApart() {
        assertThat(Terminal.harmlessLines("a\u0007\nb")).isEqualTo("a\\u0007\nb");
    }

    @Test
    void jsonStaysJsonAndDoesNothingToATerminal() {
        assertThat(Terminal.harmlessJson("{\"a\":\"x\u009b31m \u202e \udb40\udc01 \ud83c\udfe0\"}"))
                .isEqualTo("{\"a\":\"x\\u009b31m \\u202e \\udb40\\udc01 \ud83c\udfe0\"}");
    }
}
