package io.tidemark.app;

/** What the exit code of the command says; {@code tidemark --help} lists them. */
public final class ExitCodes {
    /** Done; or stopped by Ctrl-C or SIGTERM, in order. */
    public static final int OK = 0;
    /** Something was not done: an answer was an error, lines were not sent. */
    public static final int FAILED = 1;
    /** The command line or a configuration is wrong. */
    public static final int USAGE = 2;
    /** Nothing answered in time where the service should be. */
    public static final int UNREACHABLE = 3;
    /** Not started: the data folder or a port is taken, or this machine will not do. */
    public static final int REFUSED = 4;

    /** Ctrl-C cut off what was under way; it was said how far it came. */
    public static final int CUT_OFF = 130;

    private ExitCodes() {}
}
