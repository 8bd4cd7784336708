package io.tidemark.gateway;

import io.tidemark.query.Answers;
import java.util.Optional;

/** The functions that can be asked, by name. */
final class Functions {
    private final Answers answers;

    Functions(Answers answers) {
        this.answers = answers;
    }

    /** @param function one of {@link Question#FUNCTIONS} */
    String ask(String function, String arguments) {
        return answers.ask(function, arguments);
    }

    /** The last commit of the stream that a question is about; empty when that cannot be said. */
    Optional<String> commit(String function, String arguments) {
        return answers.commit(function, arguments);
    }
}
