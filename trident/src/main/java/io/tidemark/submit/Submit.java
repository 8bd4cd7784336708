package io.tidemark.submit;

import io.tidemark.commit.RedisAddress;
import io.tidemark.commit.RedisUri;
import io.tidemark.stream.BundledStreams;
import io.tidemark.stream.Deployment;
import io.tidemark.stream.Deployment.Setting;
import io.tidemark.stream.InvalidConfigException;
import io.tidemark.stream.StreamConfig;
import io.tidemark.stream.StreamConfigReader;
import io.tidemark.trident.TidemarkTopology;
import io.tidemark.trident.TopologySettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.storm.Config;
import org.apache.storm.StormSubmitter;
import org.apache.storm.generated.AlreadyAliveException;
import org.apache.storm.generated.AuthorizationException;
import org.apache.storm.generated.InvalidTopologyException;
import org.apache.storm.generated.StormTopology;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What {@code storm jar} runs. */
@Command(
        name = "storm jar tidemark-topology-VERSION.jar io.tidemark.submit.Submit",
        mixinStandardHelpOptions = true,
        versionProvider = Submit.Version.class,
        header = "Submits a topology that counts streams, exactly once.",
        description =
                "Counts go on from the mark that is kept beside them in Redis, whatever ran before: a new version, "
                        + "another parallelism or another name of the topology changes nothing in them.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:submitted, or nothing was found wrong by --dry-run",
            "1:Storm, Kafka or Redis said no",
            "2:wrong" + " options or configuration"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  storm jar tidemark-topology-VERSION.jar io.tidemark.submit.Submit \\",
            "      --config wiki.yaml --kafka kafka:9092 --redis redis://redis:6379/0 --dry-run",
            "  ... --workers 2 --emitters 2 --parsers 4",
            "The numbers may also stand in the configuration, under topology: an option goes before it."
        })
public final class Submit implements Callable<Integer> {
    private static final int FAILED = 1;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration of a stream; repeatable. Without it, the bundled Wikipedia stream is counted.")
    private List<Path> configurations = List.of();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name of the topology (default: tidemark- and the streams' names).")
    private String name;

    @Option(names = "--kafka", paramLabel = "HOST:PORT", description = "The broker, or several with commas between.")
    private String kafka;

    @Option(
            names = "--kafka-properties",
            paramLabel = "FILE",
            description =
                    "Further properties of the Kafka clients (SASL, TLS), passed through. Secrets in it are refused: "
                            + "refer to them with Kafka's configuration providers.")
    private Path kafkaProperties;

    @Option(names = "--redis", required = true, paramLabel = "URI", description = RedisAddress.FORMS + ".")
    private String redis;

    @Option(
            names = "--redis-password-file",
            paramLabel = "FILE",
            description = "File that holds the password of Redis, by this path on every worker's host.")
    private String passwordFile;

    @Mixin
    private DeploymentOptions deploymentOptions = new DeploymentOptions();

    @Option(
            names = "--consumer-group",
            paramLabel = "NAME|none",
            defaultValue = TopologySettings.CONSUMER_GROUP,
            description =
                    "Consumer group in which Kafka's tools and lag monitors find how far a stream is counted; it is "
                            + "never read back. {stream} stands for the stream's name (default: ${DEFAULT-VALUE}).")
    private String consumerGroup;

    @Option(
            names = "--dry-run",
            description =
                    "Print what would be submitted, what of Storm's settings is changed and why, and what was found "
                            + "at Kafka and Redis; submit nothing.")
    private boolean dryRun;

    /** Ends the JVM with the exit code. */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** The same without ending the JVM. @return the exit code */
    public static int run(String... args) {
        CommandLine command = new CommandLine(new Submit());
        command.setParameterExceptionHandler((e, ignored) -> {
            command.getErr().println("tidemark: " + e.getMessage());
            if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, command.getErr())) {
                command.getErr().println("All options: --help");
            }
            return CommandLine.ExitCode.USAGE;
        });
        return command.execute(args);
    }

    @Override
    public Integer call() {
        List<StreamConfig> streams = streams();
        Deployment deployment = deployment(streams);
        TopologySettings settings = settings(deployment);
        Config stormConfig = TidemarkTopology.stormConfig(settings);
        stormConfig.setNumWorkers(deployment.ask(Setting.WORKERS).orElse(Setting.WORKERS.otherwise()));
        StormTopology topology = TidemarkTopology.build(streams, settings, null);
        String topologyName = name == null
                ? "tidemark-" + streams.stream().map(StreamConfig::name).collect(Collectors.joining("-"))
                : name;
        PrintWriter out = spec.commandLine().getOut();
        ForeignJars.warnOf(spec.commandLine().getErr());
        if (dryRun) {
            return new DryRun(topologyName, streams, settings, stormConfig, topology).print(out) ? 0 : FAILED;
        }
        return submit(topologyName, stormConfig, topology, out);
    }

    private int submit(String topologyName, Config stormConfig, StormTopology topology, PrintWriter out) {
        try {
            StormSubmitter.submitTopology(topologyName, stormConfig, topology);
            out.println("Submitted " + topologyName + ". How it fares: tidemark status --server DRPC-HOST:3772");
            out.flush();
            return 0;
        } catch (AlreadyAliveException e) {
            return failed("there is a topology " + topologyName + " already: storm kill " + topologyName
                    + " first; counts go on where it stopped");
        } catch (InvalidTopologyException e) {
            return failed("Storm does not take the topology: " + e.get_msg());
        } catch (AuthorizationException e) {
            return failed("Storm does not let this user submit: " + e.get_msg());
        } catch (RuntimeException e) {
            // What StormSubmitter throws when Nimbus is away has no type of its own.
            return failed("Storm does not take the topology: " + root(e));
        }
    }

    private int failed(String message) {
        spec.commandLine().getErr().println("tidemark: " + message + ".");
        return FAILED;
    }

    private static String root(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }

    private Deployment deployment(List<StreamConfig> streams) {
        try {
            return deploymentOptions.over(streams);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage() + ".", e);
        }
    }

    private TopologySettings settings(Deployment deployment) {
        try {
            Map<String, String> properties = ClientProperties.of(kafka, kafkaProperties);
            return TopologySettings.of(properties.get("bootstrap.servers"), redis())
                    .withKafka(properties)
                    .withParallelism(Setting.EMITTERS.otherwise(), Setting.PARSERS.otherwise())
                    .with(deployment)
                    .withConsumerGroup(consumerGroup);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage() + ".", e);
        }
    }

    private RedisAddress redis() {
        RedisUri uri;
        try {
            uri = RedisUri.parse(redis);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--redis: " + e.getMessage(), e);
        }
        if (uri.password() != null) {
            throw new IllegalArgumentException(
                    "--redis holds a password, which would travel with the topology: put it into"
                            + " a file on every worker's host that only Storm's user can read, and name that with"
                            + " --redis-password-file");
        }
        return new RedisAddress(uri.address(), passwordFile);
    }

    private List<StreamConfig> streams() {
        if (configurations.isEmpty()) {
            return List.of(BundledStreams.wikipedia());
        }
        List<StreamConfig> streams = new ArrayList<>();
        for (Path file : configurations) {
            try {
                streams.add(StreamConfigReader.read(
                        Files.readString(file), file.toAbsolutePath().getParent()));
            } catch (InvalidConfigException e) {
                throw new ParameterException(spec.commandLine(), e.format(file.toString()), e);
            } catch (IOException e) {
                throw new ParameterException(spec.commandLine(), file + " cannot be read: " + e.getMessage(), e);
            }
        }
        return streams;
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Submit.class.getPackage().getImplementationVersion();
            return new String[] {"tidemark topology " + (version == null ? "(not packaged)" : version)};
        }
    }
}
