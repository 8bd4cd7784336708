package io.tidemark.app.chaos;

import java.io.IOException;

/**
 * One kind of damage.
 *
 * @param text what is done, for the table
 * @param losesWrites whether Redis may lack writes afterwards, so that later answers may be of earlier cuts
 * @param injection does it; whether counting goes on is for the campaign to see
 */
record Fault(String text, boolean losesWrites, Injection injection) {
    /** Does the damage; returns when it is done, which may be long before anything has recovered. */
    @FunctionalInterface
    interface Injection {
        void inject(Recovery recovery) throws IOException, InterruptedException;
    }

    static Fault of(String text, Injection injection) {
        return new Fault(text, false, injection);
    }

    static Fault losingWrites(String text, Injection injection) {
        return new Fault(text, true, injection);
    }
}
