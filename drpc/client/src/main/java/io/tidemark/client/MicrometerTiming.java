package io.tidemark.client;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Set;
import java.util.function.Supplier;

/** Timers {@code tidemark.client.questions}, by function and outcome. */
final class MicrometerTiming implements Timing {
    private static final Set<String> FUNCTIONS = Set.of("counts", "trend", "top", "status", "ask");

    private final MeterRegistry registry;

    MicrometerTiming(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public String time(String function, Supplier<String> question) {
        Timer.Sample sample = Timer.start(registry);
        String outcome = "failed";
        try {
            String answer = question.get();
            outcome = "answered";
            return answer;
        } catch (AnswerTimedOutException e) {
            outcome = "timed-out";
            throw e;
        } catch (ServiceUnreachableException e) {
            outcome = "unreachable";
            throw e;
        } catch (StrayAnswerException e) {
            outcome = "stray";
            throw e;
        } finally {
            sample.stop(Timer.builder("tidemark.client.questions")
                    .description("Questions to Tidemark and how long they took")
                    .tag("function", FUNCTIONS.contains(function) ? function : "other")
                    .tag("outcome", outcome)
                    .register(registry));
        }
    }
}
