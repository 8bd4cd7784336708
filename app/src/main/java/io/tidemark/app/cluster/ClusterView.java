package io.tidemark.app.cluster;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import io.tidemark.app.child.Workers;
import io.tidemark.app.cluster.ClusterInfo.SupervisorPorts;
import io.tidemark.app.service.DataFolder;
import io.tidemark.app.service.ProcessNotes;
import io.tidemark.app.service.ServiceInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.storm.generated.TopologySummary;

/** What of a cluster runs now, where, and as which process. */
public final class ClusterView {
    private record Row(String part, String process, String address, String about) {}

    private final List<Row> rows = new ArrayList<>();
    private boolean well = true;

    private ClusterView() {}

    /** Looks at processes and asks Nimbus. */
    public static ClusterView of(DataFolder folder, ClusterInfo info) {
        ClusterView view = new ClusterView();
        ProcessNotes notes = new ProcessNotes(folder.processNotes());
        Optional<ServiceInfo> service = ServiceInfo.read(folder);
        view.daemon(notes, "kafka", service.map(ServiceInfo::kafka).orElse(""));
        view.daemon(
                notes,
                "redis server",
                service.map(each -> each.redis().replaceFirst("^redis://", "").replaceFirst("/0$", ""))
                        .orElse(""));
        view.daemon(notes, "zookeeper", loopback(info.zookeeper()));
        view.daemon(notes, "nimbus", loopback(info.nimbus()));
        view.daemon(notes, "drpc", loopback(info.drpc()));
        for (SupervisorPorts each : info.supervisors()) {
            view.daemon(notes, each.name(), loopback(each.thrift()));
            for (Workers.Worker worker :
                    Workers.of(StormHome.of(folder, each.name()).local())) {
                view.rows.add(new Row(
                        "  worker", Long.toString(worker.process().pid()), loopback(worker.port()), worker.topology()));
            }
        }
        view.topologies(new Topologies(info.nimbus()));
        return view;
    }

    private static String loopback(int port) {
        return "127.0.0.1:" + port;
    }

    private void daemon(ProcessNotes notes, String name, String address) {
        Optional<ProcessHandle> process = notes.find(name);
        well &= process.isPresent();
        rows.add(new Row(
                name.replace(" server", ""),
                process.map(each -> Long.toString(each.pid())).orElse("-"),
                address,
                process.isPresent() ? "" : "does not run; it is started again within seconds"));
    }

    private void topologies(Topologies topologies) {
        List<TopologySummary> all = topologies.all();
        for (TopologySummary each : all) {
            rows.add(new Row(
                    "topology",
                    "",
                    "",
                    each.get_name() + ": " + each.get_status() + ", " + each.get_num_workers() + " workers, "
                            + each.get_num_executors() + " executors"));
        }
        if (all.isEmpty()) {
            well = false;
            rows.add(new Row("topology", "", "", "none: Nimbus is away or starting, or nothing was submitted"));
        }
    }

    /** Whether all daemons run and there is a topology. */
    public boolean isWell() {
        return well;
    }

    public List<String> lines() {
        return AsciiTable.builder()
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS_NO_OUTSIDE_BORDER)
                .lineSeparator("\n")
                .data(
                        rows,
                        List.of(
                                column("Part", HorizontalAlign.LEFT).with(Row::part),
                                column("Process", HorizontalAlign.RIGHT).with(Row::process),
                                column("Address", HorizontalAlign.LEFT).with(Row::address),
                                column("", HorizontalAlign.LEFT).maxWidth(200).with(Row::about)))
                .asString()
                .lines()
                .map(String::stripTrailing)
                .toList();
    }

    private static Column column(String header, HorizontalAlign align) {
        return new Column().header(header).headerAlign(HorizontalAlign.LEFT).dataAlign(align);
    }
}
