package io.tidemark.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** What two configurations of a stream would count differently, in words, for who changed a running one. */
public final class ConfigurationChanges {
    private final StreamConfig was;
    private final StreamConfig is;
    private final List<String> changes = new ArrayList<>();

    private ConfigurationChanges(StreamConfig was, StreamConfig is) {
        this.was = was;
        this.is = is;
    }

    /**
     * Everything that decides counts and is not the same.
     *
     * @return a sentence part for each, {@code dimension actor: rule 2 (line 71) is another}; empty when both count alike
     */
    public static List<String> between(StreamConfig was, StreamConfig is) {
        ConfigurationChanges compared = new ConfigurationChanges(was, is);
        compared.stream();
        compared.records();
        compared.dimensions();
        if (compared.changes.isEmpty() && !was.fingerprint().equals(is.fingerprint())) {
            compared.changes.add("this version of the program counts some records differently");
        }
        return List.copyOf(compared.changes);
    }

    private void stream() {
        changed("read-committed", was.readCommitted(), is.readCommitted());
        changed("shards", was.shards(), is.shards());
        changed("lateness", words(was.lateness()), words(is.lateness()));
        Map<BucketSize, Duration> before = new TreeMap<>(was.retention());
        Map<BucketSize, Duration> now = new TreeMap<>(is.retention());
        for (BucketSize size : BucketSize.values()) {
            changed(size.label() + " buckets are kept", words(before.get(size)), words(now.get(size)));
        }
    }

    private void records() {
        if (!Fingerprint.of(was.rules().where())
                .equals(Fingerprint.of(is.rules().where()))) {
            changes.add("where is another");
        }
        changed("required", was.rules().required(), is.rules().required());
        changed("time fields", was.rules().timeFields(), is.rules().timeFields());
        Map<Pointer, FieldType> before = was.rules().fields();
        is.rules().fields().forEach((field, type) -> {
            FieldType earlier = before.get(field);
            if (earlier != null && earlier != type) {
                changes.add("field " + field + " was read as " + earlier.label() + ", is read as " + type.label());
            }
        });
    }

    private void dimensions() {
        for (Dimension dimension : was.dimensions()) {
            Optional<Dimension> now = is.dimension(dimension.name());
            if (now.isEmpty()) {
                changes.add("dimension " + dimension.name() + " is gone");
            } else {
                dimension(dimension, now.get());
            }
        }
        for (Dimension dimension : is.dimensions()) {
            if (was.dimension(dimension.name()).isEmpty()) {
                changes.add("dimension " + dimension.name() + " is new");
            }
        }
    }

    private void dimension(Dimension before, Dimension now) {
        String name = "dimension " + now.name();
        changed(name + ": ranked", before.ranked(), now.ranked());
        changed(name + ": kept in total", before.total(), now.total());
        if (before.ranked() && now.ranked()) {
            changed(name + ": cap", before.cap(), now.cap());
        }
        changed(
                name + ": buckets",
                before.buckets().stream().sorted().map(BucketSize::label).toList(),
                now.buckets().stream().sorted().map(BucketSize::label).toList());
        Rules.OfDimension rulesBefore = was.rules().dimensions().get(now.name());
        Rules.OfDimension rulesNow = is.rules().dimensions().get(now.name());
        changed(name + ": required", rulesBefore.required(), rulesNow.required());
        rules(name, rulesBefore.rules(), rulesNow.rules());
    }

    private void rules(String name, List<Rule> before, List<Rule> now) {
        changed(name + ": rules", before.size(), now.size());
        for (int i = 0; i < Math.min(before.size(), now.size()); i++) {
            if (!Fingerprint.of(before.get(i)).equals(Fingerprint.of(now.get(i)))) {
                changes.add(name + ": rule " + (i + 1) + " (line " + now.get(i).line() + ") is another");
                return;
            }
        }
    }

    private void changed(String what, Object before, Object now) {
        if (!Objects.equals(before, now)) {
            changes.add(what + ": was " + before + ", is " + now);
        }
    }

    private static String words(Duration duration) {
        return duration == null ? "no" : duration.toString().substring(2).toLowerCase(java.util.Locale.ROOT);
    }
}
