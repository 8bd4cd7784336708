package io.tidemark.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BatchSizeTest {
    private final BatchSize size = new BatchSize(300_000);

    @Test
    void itStartsSmallAndGrowsWhileCommitsAreCheap() {
        assertThat(size.records()).isEqualTo(10_000);
        size.committed(10_000, 500);
        assertThat(size.records()).isEqualTo(40_000);
        size.committed(40_000, 500);
        size.committed(160_000, 500);
        assertThat(size.records()).isEqualTo(300_000);
    }

    @Test
    void commitsAreKeptAtSoManyAdditions() {
        size.committed(10_000, 25_000);
        assertThat(size.records()).isEqualTo(20_000);
        size.committed(20_000, 100_000);
        assertThat(size.records()).isEqualTo(10_000);
        size.committed(10_000, 10_000_000);
        assertThat(size.records()).isEqualTo(BatchSize.LEAST);
    }

    @Test
    void largeRecordsAreTakenFewAtATime() {
        size.read(1_000, 1L << 30);
        assertThat(size.records()).isEqualTo(125);
        size.read(125, 125_000);
        assertThat(size.records()).isEqualTo(10_000);
    }

    @Test
    void whatFailedIsNotTriedAtThatSizeAgain() {
        size.committed(10_000, 1);
        size.failed(20_000);
        assertThat(size.records()).isEqualTo(20_000);
        size.failed(3);
        assertThat(size.records()).isEqualTo(BatchSize.LEAST);
        size.committed(1_000, 1);
        assertThat(size.records()).isEqualTo(4_000);
    }

    @Test
    void itGrowsSomewhatWhenNobodySaysWhatCommitsCost() {
        for (int i = 0; i < 10; i++) {
            size.succeeded();
        }
        assertThat(size.records()).isEqualTo(BatchSize.MOST_UNTOLD);
        size.committed(50_000, 50_000);
        size.succeeded();
        assertThat(size.records()).isEqualTo(50_000);
    }

    @Test
    void itIsNeverMoreThanTold() {
        BatchSize few = new BatchSize(7);
        few.committed(7, 1);
        few.failed(1);
        few.succeeded();
        assertThat(few.records()).isBetween(1L, 7L);
    }
}
