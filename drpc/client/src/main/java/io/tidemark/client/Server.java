package io.tidemark.client;

/** One server that can be asked. Thread-safe. */
interface Server extends AutoCloseable {
    /** {@code host:port}. */
    String address();

    /**
     * Asks once.
     *
     * @param connectMillis most for opening a connection
     * @return the answer as it came
     * @throws ServiceUnreachableException when nobody answers there, or the connection broke: another may be asked
     * @throws AnswerTimedOutException when no answer came in time
     * @throws StrayAnswerException when something else answers there
     * @throws ServiceBusyException when it says that it has no time
     */
    String ask(String function, String arguments, Deadline deadline, int connectMillis);

    @Override
    void close();
}
