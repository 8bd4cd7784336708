package io.tidemark.sim;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles a mutant and loads the simulator once more on top of it. */
public final class MutantLoader extends ClassLoader {
    private static final String OURS = "io.tidemark.";

    private final Map<String, byte[]> mutated;

    private MutantLoader(Map<String, byte[]> mutated) {
        super(MutantLoader.class.getClassLoader());
        this.mutated = mutated;
    }

    /**
     * The simulator of a mutant.
     *
     * @param work folder to compile into
     * @return takes a seed, the number of shards and names of the kinds of faults, gives what is wrong with that schedule or
     *     null: {@code (long, int, String)String}
     * @throws AssertionError when the guard is not in the source any more, or the mutant does not compile
     */
    static MethodHandle failures(Mutant mutant, Path work) {
        try {
            Map<String, String> sources = new TreeMap<>();
            for (Mutant.Edit edit : mutant.edits()) {
                String source = sources.containsKey(edit.path())
                        ? sources.get(edit.path())
                        : Files.readString(root().resolve(edit.path()));
                if (source.split(java.util.regex.Pattern.quote(edit.find()), -1).length != 2) {
                    throw new AssertionError("guard '" + mutant + "': this does not stand exactly once in "
                            + edit.path() + ", so the list of guards is to be brought up to date: " + edit.find());
                }
                sources.put(edit.path(), source.replace(edit.find(), edit.replace()));
            }
            Map<String, byte[]> classes = compile(mutant, sources, work);
            Class<?> simulator = new MutantLoader(classes).loadClass(MutantLoader.class.getName());
            return MethodHandles.lookup()
                    .findStatic(
                            simulator,
                            "failure",
                            MethodType.methodType(String.class, long.class, int.class, String.class));
        } catch (IOException | ReflectiveOperationException e) {
            throw new AssertionError("guard '" + mutant + "' could not be taken out", e);
        }
    }

    /** What is wrong with the schedule of a seed under these kinds of faults; null when nothing is. */
    public static String failure(long seed, int shards, String kinds) {
        EnumSet<Fault.Kind> only = EnumSet.noneOf(Fault.Kind.class);
        for (String kind : kinds.split(",")) {
            only.add(Fault.Kind.valueOf(kind));
        }
        return Campaign.message(seed, shards, Simulation.faultsOf(seed, only), new Figures());
    }

    private static Map<String, byte[]> compile(Mutant mutant, Map<String, String> sources, Path work)
            throws IOException {
        Path in = Files.createDirectories(work.resolve("sources"));
        Path out = Files.createDirectories(work.resolve("classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringBuilder said = new StringBuilder();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<Path> paths = new java.util.ArrayList<>();
            for (Map.Entry<String, String> source : sources.entrySet()) {
                Path path = in.resolve(Path.of(source.getKey()).getFileName());
                Files.writeString(path, source.getValue());
                paths.add(path);
            }
            boolean compiled = compiler.getTask(
                            null,
                            files,
                            d -> said.append(d).append('\n'),
                            List.of(
                                    "-nowarn",
                                    "-proc:none",
                                    "-d",
                                    out.toString(),
                                    "-cp",
                                    System.getProperty(
                                            "surefire.test.class.path", System.getProperty("java.class.path"))),
                            null,
                            files.getJavaFileObjectsFromPaths(paths))
                    .call();
            if (!compiled) {
                throw new AssertionError("guard '" + mutant + "': the mutant does not compile\n" + said);
            }
        }
        Map<String, byte[]> classes = new HashMap<>();
        try (Stream<Path> found = Files.walk(out)) {
            for (Path path : found.filter(p -> p.toString().endsWith(".class")).toList()) {
                String name = out.relativize(path).toString().replace(java.io.File.separatorChar, '.');
                classes.put(name.substring(0, name.length() - ".class".length()), Files.readAllBytes(path));
            }
        }
        return classes;
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("src/main/java/io/tidemark/plan"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new AssertionError(
                        "the sources are not above " + Path.of("").toAbsolutePath());
            }
        }
        return folder;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] code = mutated.get(name);
        if (code == null) {
            try (InputStream original = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (original == null) {
                    throw new ClassNotFoundException(name);
                }
                code = original.readAllBytes();
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
        return defineClass(name, code, 0, code.length);
    }
}
