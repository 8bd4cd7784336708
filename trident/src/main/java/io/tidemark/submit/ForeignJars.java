package io.tidemark.submit;

import java.io.PrintWriter;
import java.security.CodeSource;
import java.util.Optional;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * Storm loads its own folders first: a Kafka client in {@code extlib} wins over the one in the topology's jar, and may
 * lack what is called here.
 */
final class ForeignJars {
    private ForeignJars() {}

    static void warnOf(PrintWriter err) {
        foreign().ifPresent(place -> {
            err.println("tidemark: warning: the Kafka client of " + place
                    + " is used, not the one in the topology's jar. Workers may use it too: remove it from Storm's extlib"
                    + " folder when the topology does not start.");
            err.flush();
        });
    }

    /** Where the Kafka client comes from, when that is not where Tidemark comes from and Tidemark is one jar. */
    private static Optional<String> foreign() {
        String ours = place(Submit.class);
        String kafka = place(KafkaConsumer.class);
        boolean shaded = ours.contains("tidemark-topology");
        return shaded && !ours.equals(kafka) ? Optional.of(kafka) : Optional.empty();
    }

    private static String place(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        return source == null || source.getLocation() == null
                ? "an unknown place"
                : source.getLocation().getPath();
    }
}
