package io.tidemark.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schedules that once broke a promise, and what they found. The rules behind them have tests of their own as well. */
class PinnedSchedulesTest {
    @ParameterizedTest
    @CsvSource({
        "68, a replay of a counted batch whose records had gone meanwhile came back for ever",
        "142, a refusal while planning was not told in status",
        "165, transaction markers of a later leader at a batch's end passed for a truncated log",
        "6074, marks lost and topic created anew at once",
        "497967422, what was read of a topic made anew was counted when the tuple that said so was lost",
    })
    void keepsItsPromiseNow(long seed, String found) {
        assertThat(Campaign.failure(seed, 1, new Figures())).as(found).isEmpty();
    }
}
