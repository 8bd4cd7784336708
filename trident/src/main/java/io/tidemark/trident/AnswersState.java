package io.tidemark.trident;

import io.tidemark.commit.RedisAddress;
import io.tidemark.query.Answers;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.storm.task.IMetricsContext;
import org.apache.storm.trident.operation.TridentCollector;
import org.apache.storm.trident.state.BaseQueryFunction;
import org.apache.storm.trident.state.State;
import org.apache.storm.trident.state.StateFactory;
import org.apache.storm.trident.tuple.TridentTuple;
import org.apache.storm.tuple.Values;

/** Answers DRPC queries about all streams in one Redis. It is only read; nothing of a batch reaches it. */
public final class AnswersState implements State {
    private final Answers answers;

    private AnswersState(Answers answers) {
        this.answers = answers;
    }

    /** @param redis where the counts are */
    public record Factory(RedisAddress redis) implements StateFactory {
        private static final long serialVersionUID = 1L;

        @Override
        public State makeState(
                Map<String, Object> stormConfig, IMetricsContext metrics, int partition, int partitions) {
            return new AnswersState(new Answers(redis));
        }
    }

    /** Asks one DRPC function, one of {@link Answers#FUNCTIONS}. */
    public static final class Query extends BaseQueryFunction<AnswersState, String> {
        private static final long serialVersionUID = 1L;

        private final String function;

        public Query(String function) {
            this.function = Objects.requireNonNull(function, "function");
        }

        @Override
        public List<String> batchRetrieve(AnswersState state, List<TridentTuple> questions) {
            return questions.stream()
                    .map(question -> state.answers.ask(function, question.getString(0)))
                    .toList();
        }

        @Override
        public void execute(TridentTuple question, String answer, TridentCollector collector) {
            collector.emit(new Values(answer));
        }
    }

    @Override
    public void beginCommit(Long transaction) {
        // Nothing is written.
    }

    @Override
    public void commit(Long transaction) {
        // Nothing is written.
    }
}
