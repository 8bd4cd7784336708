package io.tidemark.submit;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Properties of the Kafka clients, passed through as they are written. Secrets may not stand in them, since they travel
 * with the topology: they stay where the workers are, in files or in the environment, and the properties refer to them by
 * Kafka's own configuration providers.
 */
final class ClientProperties {
    private static final String REFERENCE = "${";

    private ClientProperties() {}

    /**
     * @param servers {@code bootstrap.servers}; null when the file has it
     * @param file of Java properties, or null
     * @throws IllegalArgumentException when it cannot be read, no broker is named or a secret stands in it; the message
     *     may be shown
     */
    static Map<String, String> of(String servers, Path file) {
        Map<String, String> properties = new TreeMap<>();
        if (file != null) {
            Properties read = new Properties();
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                read.load(reader);
            } catch (IOException e) {
                throw new IllegalArgumentException(
                        "--kafka-properties " + file + " cannot be read: " + e.getMessage(), e);
            }
            read.stringPropertyNames().forEach(name -> properties.put(name, read.getProperty(name)));
        }
        if (servers != null) {
            properties.put("bootstrap.servers", servers);
        }
        if (!properties.containsKey("bootstrap.servers")) {
            throw new IllegalArgumentException("no broker is named: give --kafka HOST:PORT");
        }
        properties.forEach(ClientProperties::refuseSecret);
        return properties;
    }

    private static void refuseSecret(String name, String value) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean secret = lower.endsWith("password")
                || lower.endsWith("secret")
                || lower.equals("ssl.keystore.key")
                || lower.equals("sasl.jaas.config")
                        && value.toLowerCase(Locale.ROOT).contains("password");
        if (secret && !value.contains(REFERENCE)) {
            throw new IllegalArgumentException("--kafka-properties: " + name
                    + " holds a secret, which would travel with the topology and can be read there. Keep it in a file or"
                    + " variable of the workers, and refer to it: config.providers=file,"
                    + " config.providers.file.class=org.apache.kafka.common.config.provider.FileConfigProvider, "
                    + name + "=...${file:/path/on/the/workers:key}...");
        }
    }
}
