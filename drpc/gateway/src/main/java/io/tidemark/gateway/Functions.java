package io.tidemark.gateway;

import io.tidemark.query.Answers;

/** The functions that can be asked, by name. */
final class Functions {
    private final Answers answers;

    Functions(Answers answers) {
        this.answers = answers;
    }

    /** @return the core's answer, or null when there is no such function */
    String ask(String function, String arguments) {
        return Answers.FUNCTIONS.contains(function) ? answers.ask(function, arguments) : null;
    }
}
