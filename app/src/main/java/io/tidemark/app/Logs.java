package io.tidemark.app;

import io.tidemark.app.service.DataFolder;

/** Where this process logs to: a file of the data folder, or nowhere; never the terminal. */
final class Logs {
    private static final String CONFIGURATION = "log4j2.configurationFile";

    private Logs() {}

    /** Until somebody says where. To be called before anything asks for a logger. */
    static void toNowhere() {
        if (System.getProperty(CONFIGURATION) == null) {
            System.setProperty(CONFIGURATION, "tidemark-log4j2-quiet.xml");
        }
    }

    /** To a file of the folder, where the folder is there. To be called before anything asks for a logger. */
    static void toFile(DataFolder folder, String part) {
        if (folder.exists()) {
            System.setProperty(CONFIGURATION, "tidemark-log4j2.xml");
            System.setProperty("tidemark.log", folder.log(part).toString());
        }
    }
}
