package io.tidemark.client;

/** No cut has counted as far as was asked for, within the time that was given. */
public final class NotYetException extends TidemarkClientException {
    private static final long serialVersionUID = 1L;

    private final transient Cut cut;

    NotYetException(String message, Cut cut) {
        super("not-yet: " + message, null);
        this.cut = cut;
    }

    /** The cut that there is; null when the answer did not say. */
    public Cut cut() {
        return cut;
    }
}
