package io.tidemark.app.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** The topology's jar as a later release of it: other bytes, another name, another version inside. */
final class JarOfAnotherVersion {
    private JarOfAnotherVersion() {}

    /** Packs a jar again, into a folder. @return {@code tidemark-topology-VERSION.jar} there */
    static Path of(Path jar, Path folder, String version) throws IOException {
        Path packed = folder.resolve("tidemark-topology-" + version + ".jar");
        try (JarInputStream in = new JarInputStream(Files.newInputStream(jar))) {
            Manifest manifest = new Manifest(in.getManifest());
            manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, version);
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(packed), manifest)) {
                for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                    out.putNextEntry(new JarEntry(entry.getName()));
                    in.transferTo(out);
                }
            }
        }
        return packed;
    }
}
