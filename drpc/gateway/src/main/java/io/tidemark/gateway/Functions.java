package io.tidemark.gateway;

import io.tidemark.query.Answers;

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
}
