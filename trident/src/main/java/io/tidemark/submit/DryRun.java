package io.tidemark.submit;

import io.tidemark.stream.StreamConfig;
import io.tidemark.trident.TopologySettings;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.storm.Config;
import org.apache.storm.generated.ComponentCommon;
import org.apache.storm.generated.StormTopology;
import org.apache.storm.utils.Utils;

/** What would be submitted, and what was found where it would run. */
final class DryRun {
    /** Why a setting of Storm is not left as Storm has it. */
    private static final Map<String, String> WHY = Map.ofEntries(
            Map.entry(Config.TOPOLOGY_WORKERS, "as asked for"),
            Map.entry(
                    Config.TOPOLOGY_MAX_SPOUT_PENDING,
                    "a wide limit: Storm counts superseded attempts too; what is really in flight is limited by the"
                            + " coordinator"),
            Map.entry(
                    Config.TOPOLOGY_MESSAGE_TIMEOUT_SECS,
                    "as asked for: a batch that got stuck is tried again after it"),
            Map.entry(
                    Config.TOPOLOGY_ENABLE_MESSAGE_TIMEOUTS,
                    "without them a batch that a lost message left hanging would hang for" + " ever"),
            Map.entry(Config.TOPOLOGY_TRIDENT_BATCH_EMIT_INTERVAL_MILLIS, "as asked for: events are counted so soon"),
            Map.entry(
                    Config.TOPOLOGY_BOLT_WAIT_STRATEGY,
                    "executors rest when nothing comes and are woken, instead of looking each millisecond"),
            Map.entry(Config.TOPOLOGY_SPOUT_WAIT_STRATEGY, "likewise"),
            Map.entry(
                    Config.TOPOLOGY_ACKER_EXECUTORS, "one is enough for a few batches a second; none would be unsafe"),
            Map.entry(
                    Config.TOPOLOGY_FALL_BACK_ON_JAVA_SERIALIZATION,
                    "everything between workers has a serializer of its own"),
            Map.entry(Config.TOPOLOGY_KRYO_REGISTER, "chunks and tallies, in their own compact form"));

    private final String name;
    private final List<StreamConfig> streams;
    private final TopologySettings settings;
    private final Config stormConfig;
    private final StormTopology topology;

    DryRun(
            String name,
            List<StreamConfig> streams,
            TopologySettings settings,
            Config stormConfig,
            StormTopology topology) {
        this.name = name;
        this.streams = streams;
        this.settings = settings;
        this.stormConfig = stormConfig;
        this.topology = topology;
    }

    /** @return whether nothing was found that would keep a stream from being counted */
    boolean print(PrintWriter out) {
        out.println("Topology " + name);
        printComponents(out);
        printSettings(out);
        boolean good = true;
        try (Findings findings = new Findings(settings)) {
            for (StreamConfig stream : streams) {
                out.println();
                out.println("Stream " + stream.name());
                for (Findings.Finding finding : findings.of(stream)) {
                    good &= !finding.wrong();
                    out.println((finding.wrong() ? "  ! " : "    ") + finding.text());
                }
            }
        }
        out.println();
        out.println(
                good
                        ? "Nothing was submitted (--dry-run)."
                        : "Nothing was submitted (--dry-run). Mend what is marked" + " with ! first.");
        out.flush();
        return good;
    }

    private void printComponents(PrintWriter out) {
        Map<String, Integer> tasks = new TreeMap<>();
        topology.get_spouts().forEach((id, spout) -> tasks.put(id, tasks(spout.get_common())));
        topology.get_bolts().forEach((id, bolt) -> tasks.put(id, tasks(bolt.get_common())));
        int width = tasks.keySet().stream().mapToInt(String::length).max().orElse(0);
        tasks.forEach((id, n) ->
                out.println(String.format("    %-" + width + "s  %d %s", id, n, n == 1 ? "executor" : "executors")));
    }

    private void printSettings(PrintWriter out) {
        out.println();
        out.println("Settings that are not Storm's defaults");
        Map<String, Object> defaults = Utils.readDefaultConfig();
        new TreeMap<>(stormConfig).forEach((key, value) -> {
            Object before = defaults.get(key);
            if (!Objects.equals(String.valueOf(before), String.valueOf(value))) {
                out.println("    " + key + ": " + shown(key, value) + " (default: " + before + ")");
                out.println("        " + WHY.getOrDefault(key, ""));
            }
        });
    }

    private static Object shown(String key, Object value) {
        return key.equals(Config.TOPOLOGY_KRYO_REGISTER) && value instanceof List<?> list
                ? list.size() + " classes"
                : value;
    }

    private static int tasks(ComponentCommon common) {
        return common.is_set_parallelism_hint() ? Math.max(1, common.get_parallelism_hint()) : 1;
    }
}
