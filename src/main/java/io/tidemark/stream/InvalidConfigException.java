package io.tidemark.stream;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration cannot be used; every mistake that was found is in it, in the order of the text. */
public final class InvalidConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public InvalidConfigException(List<Problem> problems) {
        super(problems.stream().map(p -> p.format("line")).collect(Collectors.joining("\n")));
        this.problems = problems.stream().sorted().toList();
    }

    /** At least one. */
    public List<Problem> problems() {
        return problems;
    }

    /** One line for each mistake, {@code FILE:LINE:COLUMN: what is wrong}. */
    public String format(String file) {
        return problems.stream().map(p -> p.format(file)).collect(Collectors.joining("\n"));
    }
}
