package io.tidemark.app;

import picocli.CommandLine.IVersionProvider;

/** The version, as it stands in the jar. */
final class Version implements IVersionProvider {
    static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(not built as a jar)" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"tidemark " + text(), "Java " + Runtime.version() + " on " + System.getProperty("os.name")
        };
    }
}
