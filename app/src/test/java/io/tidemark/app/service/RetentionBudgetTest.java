package io.tidemark.app.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetentionBudgetTest {
    @ParameterizedTest
    @CsvSource({"2147483648, 4", "2147483648, 1", "67108864, 4", "67108864, 16", "1099511627776, 12", "500000000, 7"})
    void allPartitionsTogetherStayWithinTheTotal(long total, int partitions) {
        RetentionBudget budget = new RetentionBudget(total, partitions);

        // Kafka keeps up to a segment beyond the limit, and the segment that is being written.
        long most = partitions * (budget.bytesPerPartition() + 2 * budget.segmentBytes());

        assertThat(most).isLessThanOrEqualTo(total);
        assertThat(budget.bytesPerPartition() * partitions).isGreaterThanOrEqualTo(total / 4);
    }
}
