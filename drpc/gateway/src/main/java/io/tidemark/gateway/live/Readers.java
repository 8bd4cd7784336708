package io.tidemark.gateway.live;

/** What a reader tells its feed. */
interface Readers {
    void closed(Reader reader);

    /** It was too slow and is cut off. */
    void cutOff(Reader reader);

    /** It was too slow for so many states. */
    void missed(long states);
}
