package io.tidemark.oracle;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The labels of events that were sent, found again by the bytes that lie on the topic. Holds no bytes, so that it may
 * have millions of entries. Not thread-safe.
 */
public final class LabelBook {
    private final Map<Print, Entry> entries = new HashMap<>();
    private final Map<Label, Label> shared = new HashMap<>();
    private final MessageDigest digest;

    private record Print(long high, long low) {}

    private static final class Entry {
        private final Label label;
        private final String how;
        private int sent;
        private int found;

        Entry(Label label, String how) {
            this.label = label;
            this.how = how;
        }
    }

    public LabelBook() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Notes an event that is sent once more. */
    public void sent(LabelledEvent event) {
        Label label = shared.computeIfAbsent(event.label(), l -> l);
        entries.computeIfAbsent(print(event.bytes()), k -> new Entry(label, event.how())).sent++;
    }

    /**
     * The label of a record that was found on the topic.
     *
     * @throws IllegalArgumentException when nobody has sent it
     */
    public Label found(byte[] value) {
        Entry entry = entries.get(print(value));
        if (entry == null) {
            throw new IllegalArgumentException("a record on the topic that nobody has sent: "
                    + (value == null ? "null" : new String(value, java.nio.charset.StandardCharsets.UTF_8)));
        }
        entry.found++;
        return entry.label;
    }

    /** What was sent but not found as often, or found more often than sent; in words. */
    public List<String> notAsSent() {
        List<String> wrong = new ArrayList<>();
        entries.values().forEach(entry -> {
            if (entry.sent != entry.found) {
                wrong.add(entry.how + " " + entry.label + ": sent " + entry.sent + ", found " + entry.found);
            }
        });
        return wrong;
    }

    private Print print(byte[] value) {
        byte[] hash = digest.digest(value == null ? new byte[] {0} : value);
        java.nio.ByteBuffer longs = java.nio.ByteBuffer.wrap(hash);
        return new Print(longs.getLong(), value == null ? -1 : longs.getLong());
    }
}
