package io.tidemark.app.service;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of the child processes. */
public final class ChildCommands {
    /**
     * Keeps Ctrl-C in the terminal, which goes to every process of the foreground group, for the service alone: it
     * stops its children itself, in order.
     */
    private static final String UNDISTURBED = "trap '' INT HUP; exec \"$@\"";

    /**
     * Runs a server that knows nothing of the service: ends it when standard input ends, and ends itself when the
     * server does. In a session of its own where the system can, because it takes Ctrl-C for itself otherwise.
     */
    private static final String ENDED_WITH_INPUT = """
            trap '' INT HUP
            exec 3<&0
            if command -v setsid >/dev/null 2>&1; then
              set -- setsid "$@"
            elif command -v perl >/dev/null 2>&1; then
              set -- perl -e 'setpgrp(0, 0); exec @ARGV' "$@"
            fi
            "$@" </dev/null 3<&- &
            server=$!
            echo "@pid $server"
            { cat <&3; kill "$server"; } >/dev/null 2>&1 &
            watcher=$!
            exec 3<&-
            wait "$server"
            status=$?
            kill "$watcher" 2>/dev/null
            exit "$status"
            """;

    /** Where the launcher puts a Redis URI that holds a password, to keep it out of the process list. */
    private static final String WITH_PASSWORD = "TIDEMARK_REDIS_URI";

    private ChildCommands() {}

    /** A JVM with the service's own class path. @param logFile where log4j writes */
    public static ProcessBuilder java(
            DataFolder folder, String part, List<String> options, String mainClass, String... args) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", UNDISTURBED, "tidemark-" + part));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-UsePerfData",
                "-XX:ErrorFile=" + folder.logs().resolve(part + "-jvm-error.log"),
                "-Djava.awt.headless=true",
                "-Dlog4j2.configurationFile=tidemark-log4j2.xml",
                "-Dtidemark.log=" + folder.log(part)));
        command.add(mainClass);
        command.addAll(List.of(args));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.path().toFile());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().remove(WITH_PASSWORD);
        return builder;
    }

    /** A server that is not ours. */
    static ProcessBuilder server(DataFolder folder, String part, String... commandLine) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", ENDED_WITH_INPUT, "tidemark-" + part));
        command.addAll(List.of(commandLine));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.path().toFile());
        builder.environment().remove(WITH_PASSWORD);
        return builder;
    }
}
